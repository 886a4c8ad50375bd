// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Says on standard error that the process was told to end before its command had ended.
 *
 * <p>Thread safety: thread-safe.
 */
final class Interruption implements Runnable {

  /** Ending does not wait longer for a terminal or pipe that takes nothing. */
  private static final long PATIENCE_MILLIS = 500;

  private final Console console;
  private volatile boolean over;

  private Interruption(Console console) {
    this.console = console;
  }

  /** Watches until the command is over. */
  static Interruption watch(Console console) {
    Interruption interruption = new Interruption(console);
    Runtime.getRuntime().addShutdownHook(new Thread(interruption));
    return interruption;
  }

  /** The codes of a process that a signal ended: 128 and its number. */
  static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("130", "interrupted, as by Ctrl-C; what had been committed is there");
    codes.put("143", "ended by another program (SIGTERM); what had been committed is there");
    return codes;
  }

  /** The command has ended: what follows is no interruption. */
  void over() {
    over = true;
  }

  /** The shutdown hook. */
  @Override
  public void run() {
    if (over) {
      return;
    }
    // The interrupted command may hold the stream while nobody reads it.
    Thread line = new Thread(this::say);
    line.setDaemon(true);
    line.start();
    try {
      line.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say() {
    if (console.errorsToTerminal()) {
      console.err().println(); // after the progress bar, or what the terminal shows for Ctrl-C
    }
    console.problem("interrupted");
  }
}
