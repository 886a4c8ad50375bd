// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.io.Closeable;
import java.io.IOException;

/**
 * A database that dies with the process, for one connection at a time.
 *
 * <p>Thread safety: thread-safe.
 */
public final class ScratchDatabase implements VfsDatabase, Closeable {

  private final ScratchFile content;
  private final ScratchFile journal;

  /**
   * An empty one.
   *
   * @param scratchFiles where it goes
   */
  public ScratchDatabase(ScratchFiles scratchFiles) {
    content = scratchFiles.create();
    journal = scratchFiles.create();
  }

  @Override
  public VfsFile openMain() {
    return new KeptFile(content);
  }

  @Override
  public VfsFile openJournal() {
    return new KeptFile(journal);
  }

  @Override
  public boolean hasJournal() {
    return journal.size() > 0;
  }

  @Override
  public void deleteJournal() throws IOException {
    journal.truncate(0);
  }

  @Override
  public void close() throws IOException {
    try (journal) {
      content.close();
    }
  }
}
