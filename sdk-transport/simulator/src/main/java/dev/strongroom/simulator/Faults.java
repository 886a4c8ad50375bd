// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.StatusWordTable;
import dev.strongroom.core.transport.LinkLostException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fault plan under way, with its counts.
 *
 * <p>Thread safety: thread-safe.
 */
final class Faults {

  private final FaultPlan plan;
  private final String name;
  private final AtomicInteger commands = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private final ReentrantLock wire = new ReentrantLock();

  Faults(FaultPlan plan, String name) {
    this.plan = plan;
    this.name = name;
  }

  /** Before a command: waits, and answers in the element's place. Gives the command's number. */
  int before(int ins, Role role, int bytes) throws StrongroomException {
    int number = commands.incrementAndGet();
    if (plan.isSlow()) {
      long nanos = plan.delay().toNanos();
      if (plan.bytesPerSecond() > 0) {
        nanos += (long) (bytes * 1e9 / plan.bytesPerSecond());
      }
      wire.lock();
      try {
        sleep(nanos);
      } finally {
        wire.unlock();
      }
    }
    StatusWord wrong = plan.wrongStatus();
    if (wrong != null && number == plan.wrongStatusAt()) {
      throw StatusWordTable.exception(ins, role, wrong);
    }
    return number;
  }

  /** After a command that was executed. */
  void after(int number) throws LinkLostException {
    if (number == plan.lostResponse()) {
      throw new LinkLostException(name, LinkLostException.Outcome.UNKNOWN, null);
    }
  }

  /** How many of a write's bytes reach the medium; fewer than zero for all, with power staying. */
  int powerLoss() {
    return writes.incrementAndGet() == plan.powerLossAtWrite() ? plan.bytesKept() : -1;
  }

  private static void sleep(long nanos) {
    // An interrupt neither shortens a card's work nor gets lost.
    boolean interrupted = Thread.interrupted();
    long end = System.nanoTime() + nanos;
    for (long rest = nanos; rest > 0; rest = end - System.nanoTime()) {
      LockSupport.parkNanos(rest);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
