// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.util.List;

/**
 * One disk that a crash could leave behind.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class CrashImage {

  private final long number;
  private final MemoryStore store;
  private final List<Object> marks;
  private final String description;

  CrashImage(long number, MemoryStore store, List<Object> marks, String description) {
    this.number = number;
    this.store = store;
    this.marks = marks;
    this.description = description;
  }

  /**
   * The state's number, from 0; the same log, model and seed give it the same number again.
   *
   * @return the number
   */
  public long number() {
    return number;
  }

  /**
   * The disk, which nobody else uses.
   *
   * @return a store
   */
  public MemoryStore store() {
    return store;
  }

  /**
   * What the program under test had put into the log by then.
   *
   * @return the marks, oldest first
   */
  public List<Object> marks() {
    return marks;
  }

  /**
   * What was lost.
   *
   * @return for a message
   */
  @Override
  public String toString() {
    return "crash state " + number + ": " + description;
  }
}
