// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.IntegrityException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Work with a transient file, whose damage has another remedy than that of a volume: whoever has
 * sent the file can send it again.
 *
 * <p>Thread safety: stateless.
 */
final class SentFile {

  /** What is done with the file. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  private SentFile() {}

  /** Does it; damage of the file itself is told apart from that of the volume. */
  static <T> T reading(Path file, Work<T> work) throws IOException {
    try {
      return work.run();
    } catch (IntegrityException e) {
      if (!e.file().equals(file.toString())) {
        throw e;
      }
      CommandException damaged =
          new CommandException(ExitCode.INTEGRITY, e.getMessage() + "; " + Failures.SEND_AGAIN);
      damaged.initCause(e);
      throw damaged;
    }
  }
}
