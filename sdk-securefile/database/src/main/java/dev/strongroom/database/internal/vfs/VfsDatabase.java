// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.io.IOException;

/**
 * What SQLite opens by a name: a database and its rollback journal.
 *
 * <p>Thread safety: thread-safe.
 */
public interface VfsDatabase {

  /** Opens the database for one connection. */
  VfsFile openMain() throws IOException;

  /** Opens the journal for one connection. */
  VfsFile openJournal() throws IOException;

  /** Whether there is anything that could be rolled back. */
  boolean hasJournal();

  /** Empties the journal. */
  void deleteJournal() throws IOException;
}
