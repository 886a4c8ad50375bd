// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command sees of its process: input, output, errors, environment, and a person to ask if
 * there is one.
 *
 * @param in what a command reads that is told to; no PINs
 * @param out where results go, as text and as bytes
 * @param err where errors, progress and questions go
 * @param environment the environment variables
 * @param prompt asks a person at a terminal, or null when nobody can be asked
 * @param resultsToTerminal whether {@code out} is a terminal
 * @param errorsToTerminal whether {@code err} is a terminal
 *     <p>Thread safety: confined to one thread.
 */
record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    @Nullable PinPrompt prompt,
    boolean resultsToTerminal,
    boolean errorsToTerminal) {

  /** Writes bytes that are no text; fails as soon as nobody takes them. */
  void write(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    if (out.checkError()) {
      throw outputRefused();
    }
  }

  /** Why standard output takes no more: its disk is full, or whoever read it has ended. */
  CommandException outputRefused() {
    boolean readerGone = out instanceof StandardOutput output && output.hasLostItsReader();
    return new CommandException(
        readerGone ? ExitCode.READER_GONE : ExitCode.IO,
        "standard output takes no more: its disk is full, or its reader has ended; not all was"
            + " written");
  }

  /** Whether an environment variable switches something on. */
  boolean flag(String variable) {
    String value = environment.getOrDefault(variable, "");
    return !value.isEmpty() && !value.equals("0") && !value.equals("false");
  }

  void warn(String text) {
    err.println("strongroom: warning: " + text);
  }

  void problem(String text) {
    err.println("strongroom: " + text);
  }
}
