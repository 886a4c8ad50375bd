// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SecureDatabase;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import javax.sql.DataSource;

/**
 * A secure database in a volume of its own.
 *
 * <p>Thread safety: thread-safe.
 */
final class SecureHome implements DatabaseHome {

  private static final String NAME = "app.db";

  private final SecureFileSystem volume;
  private final SecureDatabase database;

  private SecureHome(SecureFileSystem volume, SecureDatabase database) {
    this.volume = volume;
    this.database = database;
  }

  /** Makes the volume, whose cache has so many bytes, and the database. */
  static SecureHome create(ElementSession session, Store store, long cacheBytes)
      throws IOException {
    VolumeOptions options = VolumeOptions.builder().cacheBytes(cacheBytes).build();
    SecureFileSystem volume = SecureFileSystem.create(session, store, options);
    return new SecureHome(volume, SecureDatabase.open(volume, NAME, DatabaseOptions.defaults()));
  }

  @Override
  public DataSource source() {
    return database;
  }

  @Override
  public void close() throws IOException {
    try (volume) {
      database.close();
    }
  }
}
