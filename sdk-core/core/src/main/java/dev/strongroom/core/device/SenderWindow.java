// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;

/**
 * What an element remembers of one sender: which of its counters are done.
 *
 * <p>Thread safety: immutable.
 *
 * @param sender {@value ReceiveId#SENDER_LENGTH} bytes
 * @param highest the highest counter that is done, 0 if none is
 * @param window bit i, from the lowest, says that counter {@code highest - i} is done
 */
public record SenderWindow(Bytes sender, long highest, long window) {

  /** How many counters the window covers; what is below them counts as done. */
  public static final int LENGTH = Long.SIZE;

  /**
   * Checks that the parts fit together.
   *
   * @param sender as above
   * @param highest as above
   * @param window as above
   */
  public SenderWindow {
    ReceiveId.requireSender(sender);
    boolean fits = highest == 0 ? window == 0 : highest > 0 && (window & 1) == 1;
    if (fits && highest > 0 && highest < LENGTH) {
      fits = window >>> highest == 0;
    }
    if (!fits) {
      throw new IllegalArgumentException("a window of a sender that does not fit its counter");
    }
  }

  /**
   * A sender of whom nothing is done.
   *
   * @param sender {@value ReceiveId#SENDER_LENGTH} bytes
   * @return an empty window
   */
  public static SenderWindow of(Bytes sender) {
    return new SenderWindow(sender, 0, 0);
  }

  /**
   * Whether a counter is done, or so old that it counts as done.
   *
   * @param counter from 1
   * @return whether it can be received no more
   */
  public boolean isDone(long counter) {
    long age = highest - counter;
    return age >= LENGTH || (age >= 0 && (window >>> age & 1) == 1);
  }

  /**
   * The window with one more counter done.
   *
   * @param counter from 1
   * @return the window afterwards, which moves with the highest counter
   */
  public SenderWindow done(long counter) {
    if (isDone(counter)) {
      return this;
    }
    long ahead = counter - highest;
    if (ahead <= 0) {
      return new SenderWindow(sender, highest, window | 1L << -ahead);
    }
    return new SenderWindow(sender, counter, (ahead >= LENGTH ? 0 : window << ahead) | 1);
  }
}
