// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Programs of the host system that tests use where they are there. */
final class Commands {

  private Commands() {}

  /** Whether a program is there and succeeds. */
  static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
