// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * From the roots of a trust anchor, over administrators, to an element: number u8 | for each:
 * length u16 | certification with signatures.
 *
 * <p>Thread safety: immutable.
 *
 * @param links 1 to {@value #MAX_LENGTH}; the first is signed by the roots, every other one by the
 *     administrator before it, and the last is the element's own
 */
public record CertificationChain(List<SignedCertification> links) {

  /** Most certifications. */
  public static final int MAX_LENGTH = 3;

  /**
   * Checks the length.
   *
   * @param links as above
   */
  public CertificationChain {
    links = List.copyOf(links);
    if (links.isEmpty() || links.size() > MAX_LENGTH) {
      throw new IllegalArgumentException("a chain has 1 to 3 links, not " + links.size());
    }
  }

  /**
   * The element's own certification.
   *
   * @return that of the last link
   */
  public Certification element() {
    return links.get(links.size() - 1).certification();
  }

  /**
   * Verifies every link.
   *
   * @param anchor whom the verifier believes
   * @return false if a signature is wrong, there are too few, someone who is no administrator has
   *     signed, or a link was made under another version of the anchor
   */
  public boolean isVouchedForBy(TrustAnchor anchor) {
    Certification signer = null;
    for (SignedCertification link : links) {
      Certification said = link.certification();
      if (said.anchorVersion() != anchor.version()) {
        return false;
      }
      byte[] message = said.encode().toByteArray();
      if (signer == null) {
        if (!anchor.accepts(SignaturePurpose.CERTIFICATION, message, link.signatures())) {
          return false;
        }
      } else if (signer.role() != CertifiedRole.ADMINISTRATOR
          || !link.signatures()
              .reach(1, List.of(signer.signingKey()), SignaturePurpose.CERTIFICATION, message)) {
        return false;
      }
      signer = said;
    }
    return true;
  }

  /**
   * Writes the chain.
   *
   * @return its bytes
   */
  public Bytes encode() {
    List<Bytes> encoded = links.stream().map(SignedCertification::encode).toList();
    int length = 1 + encoded.stream().mapToInt(link -> 2 + link.length()).sum();
    ByteBuffer out = ByteBuffer.allocate(length).put((byte) links.size());
    encoded.forEach(link -> out.putShort((short) link.length()).put(link.toByteArray()));
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads a chain; signatures are not verified.
   *
   * @param encoded the chain and nothing else
   * @return the chain
   * @throws IllegalArgumentException if it is malformed or a key is no point of the curve
   */
  public static CertificationChain parse(Bytes encoded) {
    FieldReader in = new FieldReader("chain", encoded);
    int count = in.u8();
    if (count > MAX_LENGTH) {
      throw in.malformed(count + " links, at most 3");
    }
    List<SignedCertification> links = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      links.add(SignedCertification.parse(in.bytes(in.u16())));
    }
    in.end();
    return new CertificationChain(links);
  }
}
