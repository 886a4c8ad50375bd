// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The same operations on a model and on a volume, which must end alike. What was done is kept for
 * the message of a failure.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ModelComparison {

  /** Operations before a failure that its message lists. */
  private static final int SHOWN = 100;

  private final Likeness likeness;
  private final List<String> done = new ArrayList<>();

  /** An operation of either side. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  /** Throws unless what the volume threw is like what the model did. */
  @FunctionalInterface
  interface Likeness {
    void require(Throwable expected, @Nullable Throwable found);
  }

  ModelComparison(Likeness likeness) {
    this.likeness = likeness;
  }

  /** Keeps what was done to the volume alone. */
  void note(String what) {
    done.add(what);
  }

  /** Does the same on both sides. */
  void same(String what, Action model, Action volume) {
    Throwable expected = thrown(model);
    done.add(what + (expected == null ? "" : ": " + expected.getClass().getSimpleName()));
    Throwable found = thrown(volume);
    if (expected != null) {
      likeness.require(expected, found);
    } else if (found != null) {
      throw new AssertionError(what + " should have worked", found);
    }
  }

  static @Nullable Throwable thrown(Action action) {
    try {
      action.run();
      return null;
    } catch (IOException | RuntimeException e) {
      return e;
    }
  }

  /** Says how to see a failure again, and what came before it. */
  AssertionError failure(long seed, int step, Throwable cause) {
    List<String> last = done.subList(Math.max(0, done.size() - SHOWN), done.size());
    return new AssertionError(
        "seed "
            + seed
            + ", step "
            + step
            + ": "
            + cause
            + "; before it:\n  "
            + String.join("\n  ", last),
        cause);
  }
}
