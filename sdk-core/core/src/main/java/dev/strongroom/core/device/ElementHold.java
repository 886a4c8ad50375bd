// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The element, held by one session for a critical section; made by {@link
 * ElementSession#exclusive()}.
 *
 * <p>Thread safety: thread-safe.
 */
public final class ElementHold implements AutoCloseable {

  private final ElementGate gate;
  private final ElementSession session;
  private final AtomicBoolean held = new AtomicBoolean(true);

  ElementHold(ElementGate gate, ElementSession session) {
    this.gate = gate;
    this.session = session;
  }

  /**
   * The session that holds the element.
   *
   * @return the session
   */
  public ElementSession session() {
    return session;
  }

  /** Lets the other sessions go on. Idempotent. */
  @Override
  public void close() {
    if (held.compareAndSet(true, false)) {
      gate.release(session);
    }
  }
}
