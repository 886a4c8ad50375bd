// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

/**
 * What may happen to an element without being asked for.
 *
 * <p>Thread safety: immutable.
 */
public enum TransportEvent {
  /** An element has come; it is not powered on yet. */
  ARRIVED,
  /** The element has gone, and with it every login and everything not yet written. */
  LEFT
}
