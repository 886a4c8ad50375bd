// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SecureDatabase;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A database that a command works on, with its volume.
 *
 * <p>Thread safety: confined to one thread.
 */
final class OpenDatabase implements AutoCloseable {

  private final OpenVolume volume;
  private final SecureDatabase database;

  private OpenDatabase(OpenVolume volume, SecureDatabase database) {
    this.volume = volume;
    this.database = database;
  }

  /** Opens one that is there, to read it. */
  static OpenDatabase forReading(Settings settings, Path volume, VolumePath path)
      throws IOException {
    return existing(
        OpenVolume.forReading(settings, volume),
        path,
        DatabaseOptions.builder().readOnly().build());
  }

  /** Opens one that is there. */
  static OpenDatabase forWriting(Settings settings, Path volume, VolumePath path)
      throws IOException {
    return existing(OpenVolume.forWriting(settings, volume), path, DatabaseOptions.defaults());
  }

  private static OpenDatabase existing(OpenVolume open, VolumePath path, DatabaseOptions options)
      throws IOException {
    return open(
        open,
        () -> {
          Kinds.requireFile(open.files(), path);
          return SecureDatabase.open(open.files(), path.text(), options);
        });
  }

  /** Opens one that is made when it is not there. */
  static OpenDatabase orMade(Settings settings, Path volume, VolumePath path) throws IOException {
    OpenVolume open = OpenVolume.forWriting(settings, volume);
    return open(open, () -> open(open.files(), path));
  }

  /** The same in a volume that is open. */
  static SecureDatabase open(SecureFileSystem files, VolumePath path) throws IOException {
    if (files.exists(path.text())) {
      Kinds.requireFile(files, path);
    }
    return SecureDatabase.open(files, path.text(), DatabaseOptions.defaults());
  }

  private interface Opening {
    SecureDatabase open() throws IOException;
  }

  private static OpenDatabase open(OpenVolume volume, Opening opening) throws IOException {
    try {
      return new OpenDatabase(volume, opening.open());
    } catch (IOException | RuntimeException e) {
      try {
        volume.close();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  SecureDatabase database() {
    return database;
  }

  OpenVolume volume() {
    return volume;
  }

  @Override
  public void close() throws IOException {
    try (volume) {
      database.close();
    }
  }
}
