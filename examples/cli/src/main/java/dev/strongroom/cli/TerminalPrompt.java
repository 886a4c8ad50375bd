// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Asks at the terminal that is the process's standard input.
 *
 * <p>{@link java.io.Console} is not used: it needs standard output to be a terminal too, so that
 * {@code strongroom cat ... > file} could ask for nothing.
 *
 * <p>Thread safety: confined to one thread; the terminal is put back also when the process is
 * interrupted.
 */
final class TerminalPrompt implements PinPrompt {

  private static final int LONGEST_LINE = 1024;

  private final PrintStream err;

  TerminalPrompt(PrintStream err) {
    this.err = err;
  }

  @Override
  public char[] ask(String question) throws IOException {
    String before = stty("-g").strip();
    Thread restore = new Thread(() -> restore(before));
    Runtime.getRuntime().addShutdownHook(restore);
    try {
      stty("-echo");
      err.print(question);
      err.flush();
      return pin();
    } finally {
      restore(before);
      err.println();
      Runtime.getRuntime().removeShutdownHook(restore);
    }
  }

  @Override
  public boolean agrees(String question) throws IOException {
    err.print(question + " (yes or no): ");
    err.flush();
    @SuppressWarnings("resource") // standard input is not ours to close
    InputStream in = new FileInputStream(FileDescriptor.in);
    return saysYes(in);
  }

  /** Whether a line says yes; an empty one, a long one and one that is no text say no. */
  static boolean saysYes(InputStream in) throws IOException {
    byte[] typed = new byte[LONGEST_LINE];
    int length = line(in, typed);
    return length <= LONGEST_LINE
        && new String(typed, 0, length, StandardCharsets.UTF_8).strip().equals("yes");
  }

  private static char[] pin() throws IOException {
    byte[] typed = new byte[LONGEST_LINE];
    try {
      @SuppressWarnings("resource") // standard input is not ours to close
      InputStream in = new FileInputStream(FileDescriptor.in);
      int length = line(in, typed);
      if (length > LONGEST_LINE) {
        throw CommandException.usage("the line is too long for a PIN; nothing was tried");
      }
      return PinFile.decode(typed, 0, length, "what was typed");
    } finally {
      Arrays.fill(typed, (byte) 0);
    }
  }

  /**
   * Reads byte by byte and unbuffered, so that no copy of the PIN stays in a buffer.
   *
   * @return the line's length; more than there is room for if it was too long
   */
  private static int line(InputStream in, byte[] typed) throws IOException {
    int length = 0;
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (length == typed.length) {
        return length + 1;
      }
      typed[length++] = (byte) next;
    }
    return length;
  }

  private static void restore(String settings) {
    try {
      stty(settings);
    } catch (IOException e) {
      // The terminal has gone: there is nothing to put back.
    }
  }

  private static String stty(String argument) throws IOException {
    Process process =
        new ProcessBuilder("stty", argument)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            "stty " + argument + " failed: the terminal cannot be used for a PIN");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking for a PIN", e);
    }
    return output;
  }
}
