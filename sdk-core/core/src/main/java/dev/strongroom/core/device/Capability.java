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
  SECURE_CHANNEL(3),
  /** Version slots, see {@link VersionSlot}. */
  VERSION_SLOTS(4),
  /** An identity: certificates, signatures, HPKE. */
  IDENTITY(5),
  /** Signed statements about itself. */
  ATTESTATION(6),
  /** A trust anchor. */
  TRUST_ANCHOR(7),
  /** Secrets from element to element, and life as a twin. */
  SECRET_TRANSPORT(8),
  /** Becoming blank again. */
  WIPE(9),
  /** A card, and signatures over transient files and recovery elements of volumes. */
  CARD(10),
  /** A register of what is received once, see {@link ReceiveRegister}. */
  RECEIVE_REGISTER(11),
  /** A key store, see {@link KeyStoreCommands} and {@link KeyUseCommands}. */
  KEY_STORE(12),
  /** Orders of the key store, see {@link KeyOrderCommands}. */
  KEY_ORDERS(13),
  /** Certifying other elements, as a root of their trust. */
  CERTIFYING(14);

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
