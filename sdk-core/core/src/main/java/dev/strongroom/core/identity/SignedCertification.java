// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;

/**
 * A certification and who vouches for it, with {@link SignaturePurpose#CERTIFICATION}.
 *
 * <p>Thread safety: immutable.
 *
 * @param certification what is said
 * @param signatures of the trust anchor's roots, or of one administrator at index 0
 */
public record SignedCertification(Certification certification, Signatures signatures) {

  /**
   * Writes it.
   *
   * @return certification | signatures
   */
  public Bytes encode() {
    Bytes said = certification.encode();
    return Bytes.copyOf(
        ByteBuffer.allocate(said.length() + signatures.encodedLength())
            .put(said.toByteArray())
            .put(signatures.encode().toByteArray())
            .array());
  }

  /**
   * Reads one; signatures are not verified.
   *
   * @param encoded certification and signatures
   * @return both
   * @throws IllegalArgumentException if it is malformed or a key is no point of the curve
   */
  public static SignedCertification parse(Bytes encoded) {
    FieldReader in = new FieldReader("certification", encoded);
    SignedCertification signed =
        new SignedCertification(Certification.read(in), Signatures.read(in));
    in.end();
    return signed;
  }
}
