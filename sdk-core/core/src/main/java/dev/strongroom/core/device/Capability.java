// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * What an element may or may not be able to do; declared in the answer to SELECT by bit number.
 *
 * <p>Thread safety: immutable.
 */
public enum Capability {
  /** File keys in batches. */
  GRUB_BATCH(0),
  /** Keys for runs of crypto pages. */
  GRUB_PAGES(1),
  /** A state generation that grows with each change, see {@link ElementStatus#generation()}. */
  GENERATION(2),
  /** Secure messaging, needed wherever APDUs leave the process; see {@link SecureElement}. */
  SECURE_CHANNEL(3);

  private final int bit;

  Capability(int bit) {
    this.bit = bit;
  }

  /**
   * Its place in the answer to SELECT.
   *
   * @return bit number, 0 for the least significant
   */
  public int bit() {
    return bit;
  }
}
