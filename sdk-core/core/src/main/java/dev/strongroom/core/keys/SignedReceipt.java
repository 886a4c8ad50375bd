// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.IdentitySignature;
import java.nio.ByteBuffer;

/**
 * An element's receipt with its signature: statement | signature 64, as ORDER POSITION answers.
 *
 * <p>Thread safety: immutable.
 *
 * @param receipt what it says
 * @param signature {@value IdentitySignature#LENGTH} bytes
 */
public record SignedReceipt(OrderReceipt receipt, Bytes signature) {

  /**
   * Checks the signature's length.
   *
   * @param receipt as above
   * @param signature as above
   */
  public SignedReceipt {
    if (signature.length() != IdentitySignature.LENGTH) {
      throw new IllegalArgumentException("a signature has 64 bytes, not " + signature.length());
    }
  }

  /**
   * Whether it is the answer of one element to one challenge.
   *
   * @param signingKey of the element that should have answered
   * @param challenge what was asked, never used before
   * @return false for another element, another challenge, or a forged signature
   */
  public boolean isOf(Bytes signingKey, Bytes challenge) {
    return receipt.challenge().equals(challenge) && receipt.isSignedBy(signingKey, signature);
  }

  /**
   * Writes it.
   *
   * @return statement and signature
   */
  public Bytes encode() {
    Bytes said = receipt.encode();
    return Bytes.copyOf(
        ByteBuffer.allocate(said.length() + IdentitySignature.LENGTH)
            .put(said.toByteArray())
            .put(signature.toByteArray())
            .array());
  }

  /**
   * Reads it; the signature is not verified.
   *
   * @param encoded statement and signature and nothing else
   * @return the receipt
   * @throws IllegalArgumentException if it is malformed
   */
  public static SignedReceipt parse(Bytes encoded) {
    int statement = encoded.length() - IdentitySignature.LENGTH;
    if (statement < 0) {
      throw new IllegalArgumentException("receipt: cut short");
    }
    byte[] all = encoded.toByteArray();
    return new SignedReceipt(
        OrderReceipt.parse(Bytes.copyOf(all, 0, statement)),
        Bytes.copyOf(all, statement, IdentitySignature.LENGTH));
  }
}
