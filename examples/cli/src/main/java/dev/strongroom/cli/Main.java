// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Entry point of the {@code strongroom} command.
 *
 * <p>Thread safety: confined to the main thread.
 */
public final class Main {

  /**
   * Set by the launcher: the numbers of the standard streams that are terminals. Without it nobody
   * is asked; {@link System#console} would not do, see {@link TerminalPrompt}.
   */
  private static final String TERMINAL_PROPERTY = "strongroom.terminal";

  private Main() {}

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    if (!System.getenv().getOrDefault("STRONGROOM_DEBUG", "").isEmpty()) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "debug");
    }
    String terminal = System.getProperty(TERMINAL_PROPERTY, "");
    PrintStream err = System.err;
    boolean person = terminal.contains("0") && terminal.contains("2");
    // Standard output as bytes: System.out would swallow a full disk on its way.
    var out = new StandardOutput(new FileOutputStream(FileDescriptor.out), charset());
    Console console =
        new Console(
            System.in,
            out,
            err,
            System.getenv(),
            person ? new TerminalPrompt(err) : null,
            terminal.contains("1"),
            terminal.contains("2"));
    Interruption interruption = Interruption.watch(console);
    ExitCode code;
    try {
      code = CommandLines.run(console, arguments);
    } finally {
      interruption.over(); // also where a fault of the program ends it
    }
    System.exit(code.code());
  }

  private static Charset charset() {
    // Set where standard output is a terminal; by JDK 19 and newer always.
    String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    return name == null ? Charset.defaultCharset() : Charset.forName(name);
  }
}
