// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.io.IOException;

/**
 * An opening of a scratch file that outlives it.
 *
 * <p>Thread safety: as the scratch file, thread-safe.
 */
final class KeptFile implements VfsFile {

  private final ScratchFile file;

  KeptFile(ScratchFile file) {
    this.file = file;
  }

  @Override
  public int read(long position, byte[] target, int length) throws IOException {
    return file.read(position, target, length);
  }

  @Override
  public void write(long position, byte[] source, int length) throws IOException {
    file.write(position, source, length);
  }

  @Override
  public void truncate(long size) throws IOException {
    file.truncate(size);
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void close() {}
}
