// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.metrics;

/**
 * Learns of each use of a key when it has ended. It is called by the thread that used the key,
 * before the use returns: it has to be quick, and must not throw.
 *
 * <p>Thread safety: implementations are thread-safe.
 */
@FunctionalInterface
public interface KeyOperationListener {

  /** Wants to know nothing. */
  KeyOperationListener NONE = operation -> {};

  /**
   * A use has ended.
   *
   * @param operation what was done, and how it ended
   */
  void ended(EndedOperation operation);
}
