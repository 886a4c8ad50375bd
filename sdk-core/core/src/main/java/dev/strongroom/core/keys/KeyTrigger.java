// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

/**
 * Why a key changes its state.
 *
 * <p>Thread safety: immutable.
 */
public enum KeyTrigger {
  /** An administrator has decided it. */
  ADMINISTRATOR,
  /** By the floor: its activation has come, or its originator-usage period is over. */
  CLOCK,
  /** Its limit is used up. */
  LIMIT,
  /** By the floor: its time of destruction has come. */
  SCHEDULE
}
