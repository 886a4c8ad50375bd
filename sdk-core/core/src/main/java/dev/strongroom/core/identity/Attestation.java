// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;

/**
 * An element's statement about itself with its signature: statement | signature 64, {@link
 * SignaturePurpose#ATTESTATION} over the statement.
 *
 * <pre>{@code
 * Bytes challenge = Bytes.copyOf(fresh);
 * Attestation attestation = session.attest(challenge);
 * if (!attestation.isOf(identity, challenge)) {
 *   throw new IllegalStateException("not the element that it claims to be");
 * }
 * }</pre>
 *
 * <p>Thread safety: immutable.
 *
 * @param statement what it says
 * @param signature {@value IdentitySignature#LENGTH} bytes
 */
public record Attestation(AttestationStatement statement, Bytes signature) {

  /**
   * Checks the signature's length.
   *
   * @param statement as above
   * @param signature as above
   */
  public Attestation {
    if (signature.length() != IdentitySignature.LENGTH) {
      throw new IllegalArgumentException("a signature has 64 bytes, not " + signature.length());
    }
  }

  /**
   * Whether it is the answer of one element to one challenge.
   *
   * @param identity who should have answered
   * @param challenge what was asked, never used before
   * @return false for another element, another challenge, or a forged signature
   */
  public boolean isOf(ElementIdentity identity, Bytes challenge) {
    return statement.challenge().equals(challenge)
        && statement.serialNumber().equals(identity.serialNumber())
        && IdentitySignature.verifies(
            identity.signingKey(),
            SignaturePurpose.ATTESTATION,
            statement.encode().toByteArray(),
            signature);
  }

  /**
   * Writes the attestation.
   *
   * @return statement and signature
   */
  public Bytes encode() {
    Bytes said = statement.encode();
    return Bytes.copyOf(
        ByteBuffer.allocate(said.length() + IdentitySignature.LENGTH)
            .put(said.toByteArray())
            .put(signature.toByteArray())
            .array());
  }

  /**
   * Reads an attestation; the signature is not verified.
   *
   * @param encoded the attestation and nothing else
   * @return the attestation
   * @throws IllegalArgumentException if it is malformed
   */
  public static Attestation parse(Bytes encoded) {
    FieldReader in = new FieldReader("attestation", encoded);
    int statement = in.remaining() - IdentitySignature.LENGTH;
    if (statement < AttestationStatement.FIXED_LENGTH) {
      throw in.malformed("cut short");
    }
    return new Attestation(AttestationStatement.parse(in.bytes(statement)), in.rest());
  }
}
