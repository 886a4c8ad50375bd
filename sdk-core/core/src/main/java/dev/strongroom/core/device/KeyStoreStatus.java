// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.ElementTime;

/**
 * How an element's key store is, from its answer to READ STORE.
 *
 * <p>Thread safety: immutable.
 *
 * @param capacity records that fit, each of 80 bytes; a key takes one or two, a group one
 * @param records records that are there
 * @param floor the signed time
 * @param now the greater one of the floor and what has been told since power was on
 * @param administration who changes its records
 */
public record KeyStoreStatus(
    long capacity,
    long records,
    ElementTime floor,
    ElementTime now,
    Administration administration) {

  /** Who changes the records of an element. */
  public enum Administration {
    /** Orders alone. */
    BY_ORDERS,
    /** Whoever logs in. */
    BY_ITSELF
  }
}
