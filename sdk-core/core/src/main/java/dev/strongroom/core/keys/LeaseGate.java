// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

/**
 * How far leases stand before the protection by a key.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface LeaseGate {

  /**
   * The element administers itself: none is needed.
   *
   * <p>Thread safety: immutable.
   */
  record NotNeeded() implements LeaseGate {}

  /**
   * The key has no group, or the group never had a lease.
   *
   * <p>Thread safety: immutable.
   */
  record Missing() implements LeaseGate {}

  /**
   * The group has a lease.
   *
   * <p>Thread safety: immutable.
   *
   * @param lease what is stored
   * @param reserved how many uses of a reserved block are left
   * @param cycle whether the lease was used since power is on
   */
  record Held(Lease lease, long reserved, PowerCycle cycle) implements LeaseGate {}

  /** Whether a lease was used since power is on. */
  enum PowerCycle {
    /** The next use takes a power-up. */
    UNCOUNTED,
    /** A power-up was taken. */
    COUNTED
  }
}
