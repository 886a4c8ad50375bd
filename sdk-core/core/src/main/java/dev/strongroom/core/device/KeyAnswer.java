// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * What came of one request of a batch.
 *
 * <p>Thread safety: as the answer.
 *
 * @param <R> what the request answers
 */
public sealed interface KeyAnswer<R> {

  /**
   * It was executed.
   *
   * @param <R> what the request answers
   * @param answer of the element; the caller closes it where it is a secret
   */
  record Done<R>(R answer) implements KeyAnswer<R> {}

  /**
   * It was refused.
   *
   * @param <R> what the request would have answered
   * @param error what the command alone would have thrown
   */
  record Refused<R>(DeviceException error) implements KeyAnswer<R> {}
}
