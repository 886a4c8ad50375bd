// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.keys.Lease;

/**
 * What was done of a group's lease since power is on: for which one a power-up was taken, and what
 * is left of the uses reserved.
 *
 * <p>Thread safety: thread-safe; changes of the lease go one at a time under the element's lock.
 */
final class LeaseCounter {

  private final UseCounter uses = new UseCounter();
  private volatile long number; // of the lease that is counted in this power cycle, 0 for none

  boolean isCounted(Lease lease) {
    return number == lease.number();
  }

  long left(Lease lease) {
    return isCounted(lease) ? uses.left() : 0;
  }

  /** Takes a use; false if something has to be reserved first. */
  boolean take(Lease lease) {
    return isCounted(lease) && (lease.usesGiven() == Lease.UNLIMITED_USES || uses.take());
  }

  /** A use that was taken was not made. */
  void giveBack(Lease lease) {
    if (isCounted(lease) && lease.usesGiven() != Lease.UNLIMITED_USES) {
      uses.add(1);
    }
  }

  /** What was reserved of a lease is on persistent memory. */
  void add(Lease lease, long reserved) {
    if (!isCounted(lease)) {
      uses.clear();
      number = lease.number();
    }
    uses.add(reserved);
  }

  /** There is another lease. */
  void clear() {
    number = 0;
    uses.clear();
  }
}
