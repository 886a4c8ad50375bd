// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.PrintStream;
import java.util.Locale;

/**
 * How far a copy has come, drawn as a bar on a terminal.
 *
 * <p>Thread safety: confined to one thread.
 */
abstract class Progress implements AutoCloseable {

  /** A total that is not known. */
  static final long UNKNOWN = -1;

  /** Draws nothing. */
  static Progress none() {
    return new Progress() {
      @Override
      void add(long bytes) {}
    };
  }

  /** Draws a line, over and over. */
  static Progress bar(PrintStream out, String what, long total) {
    return new Bar(out, what, total);
  }

  /** Counts bytes that are done. */
  abstract void add(long bytes);

  /** Takes the bar away, so that a message can be printed. */
  void clear() {}

  @Override
  public void close() {
    clear();
  }

  private static final class Bar extends Progress {

    private static final int WIDTH = 30;
    private static final long NANOS_BETWEEN = 100_000_000;

    private final PrintStream out;
    private final String what;
    private final long total;
    private final long start = System.nanoTime();
    private long done;
    private long drawn = start;
    private int shown;

    Bar(PrintStream out, String what, long total) {
      this.out = out;
      this.what = what;
      this.total = total;
    }

    @Override
    void add(long bytes) {
      done += bytes;
      long now = System.nanoTime();
      if (now - drawn >= NANOS_BETWEEN) {
        drawn = now;
        draw(now);
      }
    }

    @Override
    void clear() {
      if (shown > 0) {
        out.print("\r" + " ".repeat(shown) + "\r");
        out.flush();
        shown = 0;
      }
    }

    private void draw(long now) {
      String line = what + part() + "  " + Sizes.text(done) + "  " + Sizes.rate(done, now - start);
      out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
      out.flush();
      shown = line.length();
    }

    private String part() {
      if (total == UNKNOWN) {
        return "";
      }
      double part = total == 0 ? 1 : Math.min(1, (double) done / total);
      int filled = (int) (part * WIDTH);
      return String.format(
          Locale.ROOT,
          " [%s%s] %3d %%",
          "#".repeat(filled),
          " ".repeat(WIDTH - filled),
          (int) (part * 100));
    }
  }
}
