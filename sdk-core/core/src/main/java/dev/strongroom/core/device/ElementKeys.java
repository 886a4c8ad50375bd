// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import java.time.Clock;

/**
 * The key store of the element of a session: managed keys, which are made in the element or brought
 * to it wrapped, used by their id, and never seen in clear outside. Got by {@link
 * ElementSession#keys}.
 *
 * <pre>{@code
 * ElementKeys keys = session.keys();
 * keys.use().encrypt(keys.head(), id, aad, text, target);
 * }</pre>
 *
 * <p>The element itself enforces states, periods, usages, limits and leases, whatever the host
 * says: {@code docs/spec/key-store.md}. It has no clock, so each use tells it what the session's
 * clock says; a wrong clock can have it refuse protection, and nothing else.
 *
 * <p>Every method of what is got here ends as the other commands of the session do: with {@link
 * IllegalStateException} when it is closed, with its {@linkplain ElementSession#loss loss} when it
 * is lost.
 *
 * <p>Thread safety: thread-safe.
 */
public final class ElementKeys {

  private final KeyStoreCommands store;
  private final KeyUseCommands use;
  private final KeyOrderCommands orders;
  private final Clock clock;

  ElementKeys(KeyStoreCommands store, KeyUseCommands use, KeyOrderCommands orders, Clock clock) {
    this.store = store;
    this.use = use;
    this.orders = orders;
    this.clock = clock;
  }

  /**
   * The records: queries and administration.
   *
   * @return its commands, which throw {@link UnsupportedCapabilityException} if the element has no
   *     key store
   */
  public KeyStoreCommands store() {
    return store;
  }

  /**
   * The use of keys.
   *
   * @return its commands, which throw {@link UnsupportedCapabilityException} if the element has no
   *     key store
   */
  public KeyUseCommands use() {
    return use;
  }

  /**
   * Orders and certifying.
   *
   * @return its commands, which throw {@link UnsupportedCapabilityException} if the element has
   *     none
   */
  public KeyOrderCommands orders() {
    return orders;
  }

  /**
   * What goes with a use that is made now.
   *
   * @return the time of the session's clock, no acknowledgement
   */
  public KeyUseHead head() {
    return new KeyUseHead(now(clock), null);
  }

  /**
   * What goes with an exceptional use that is made now: of a suspended or compromised key, or after
   * the recipient-usage period, where the key's flags allow it.
   *
   * @param reason SHA-256 of why, in words, 32 bytes; the words go to the audit log
   * @return the time of the session's clock, with the acknowledgement
   */
  public KeyUseHead acknowledging(Bytes reason) {
    return new KeyUseHead(now(clock), reason);
  }

  /** A clock that was never set tells nothing. */
  static ElementTime now(Clock clock) {
    try {
      return ElementTime.of(clock.instant());
    } catch (IllegalArgumentException e) {
      return ElementTime.NONE;
    }
  }
}
