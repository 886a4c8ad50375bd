// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Set;

/**
 * What a managed key is for; by bit number in records.
 *
 * <p>Thread safety: immutable.
 */
public enum KeyUsage {
  /** Data, by AES-GCM. */
  ENCRYPTION(0),
  /** Message authentication codes. */
  MAC(1),
  /** Signatures. */
  SIGNATURE(2),
  /** Keys of the host, by AES key wrap (RFC 3394, RFC 5649). */
  KEY_WRAPPING(3),
  /** Agreeing on secrets, by Diffie-Hellman. */
  KEY_AGREEMENT(4),
  /** Keys of secure files. */
  FILE_KEYS(5),
  /** Keys that the element draws for the host. */
  DATA_KEYS(6);

  private final int bit;

  KeyUsage(int bit) {
    this.bit = bit;
  }

  /**
   * Its place in records.
   *
   * @return bit number, 0 for the least significant
   */
  public int bit() {
    return bit;
  }

  /**
   * Usages as bits.
   *
   * @param usages what a key is for
   * @return a bit for each
   */
  public static int bits(Set<KeyUsage> usages) {
    return Bits.of(usages, KeyUsage::bit);
  }

  /**
   * Usages out of bits.
   *
   * @param bits as in records
   * @return what a key is for
   * @throws IllegalArgumentException if a bit is not known
   */
  public static Set<KeyUsage> of(int bits) {
    return Bits.set(bits, KeyUsage.class, KeyUsage::bit);
  }
}
