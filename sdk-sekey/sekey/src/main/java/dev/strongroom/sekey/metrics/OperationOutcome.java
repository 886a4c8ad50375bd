// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.metrics;

/**
 * How a use of a key ended.
 *
 * <p>Thread safety: immutable.
 */
public enum OperationOutcome {
  /** As asked. */
  DONE,
  /** A rule or a policy is against it, on the host or in the element. */
  DENIED,
  /** What was to be opened or verified is not authentic. */
  NOT_AUTHENTIC,
  /** Anything else, such as an element that was removed. */
  FAILED
}
