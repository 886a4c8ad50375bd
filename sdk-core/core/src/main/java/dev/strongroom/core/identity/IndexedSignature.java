// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;

/**
 * A signature and whose it is, in a list of keys that both sides know.
 *
 * <p>Thread safety: immutable.
 *
 * @param index of the signer, 0 to 255
 * @param signature {@value IdentitySignature#LENGTH} bytes
 */
public record IndexedSignature(int index, Bytes signature) {

  /** Length of the encoding in bytes: index u8, signature. */
  public static final int LENGTH = 1 + IdentitySignature.LENGTH;

  /**
   * Checks the ranges.
   *
   * @param index as above
   * @param signature as above
   */
  public IndexedSignature {
    if (index < 0 || index > 0xFF) {
      throw new IllegalArgumentException("a signer's index is 0 to 255, not " + index);
    }
    if (signature.length() != IdentitySignature.LENGTH) {
      throw new IllegalArgumentException("a signature has 64 bytes, not " + signature.length());
    }
  }
}
