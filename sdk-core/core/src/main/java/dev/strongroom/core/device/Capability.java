// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * What an element may or may not be able to do; declared in the answer to SELECT by bit number,
 * which is the constant's ordinal.
 */
public enum Capability {
  /** File keys in batches. */
  GRUB_BATCH,
  /** Keys for runs of crypto pages. */
  GRUB_PAGES,
  /** A state generation that grows with each change, see {@link ElementStatus#generation()}. */
  GENERATION
}
