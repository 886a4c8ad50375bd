// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * One changed byte in a host file.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Damage {

  private final Path file;
  private final long offset;

  private Damage(Path file, long offset) {
    this.file = file;
    this.offset = offset;
  }

  /** Turns all bits of a byte around. */
  static Damage at(Path file, long offset) throws IOException {
    Damage damage = new Damage(file, offset);
    damage.turn();
    return damage;
  }

  /** Puts the byte back. */
  void undo() throws IOException {
    turn();
  }

  private void turn() throws IOException {
    try (RandomAccessFile host = new RandomAccessFile(file.toFile(), "rw")) {
      host.seek(offset);
      int value = host.read();
      host.seek(offset);
      host.write(~value);
    }
  }
}
