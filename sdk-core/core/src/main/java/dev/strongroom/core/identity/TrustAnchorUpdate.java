// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;

/**
 * A new trust anchor that the present roots hand over to and the new ones take: anchor | signatures
 * of present roots | signatures of new roots, with {@link SignaturePurpose#TRUST_ANCHOR} over the
 * new anchor.
 *
 * <p>Thread safety: immutable.
 *
 * @param anchor the new anchor
 * @param byPresentRoots by index in the present anchor
 * @param byNewRoots by index in the new anchor
 */
public record TrustAnchorUpdate(
    TrustAnchor anchor, Signatures byPresentRoots, Signatures byNewRoots) {

  /**
   * Whether the new anchor's version is the one after the present.
   *
   * @param present the anchor that is to be replaced
   * @return false if versions would be skipped, repeated, or turned back
   */
  public boolean follows(TrustAnchor present) {
    return present.version() != -1 && anchor.version() == present.version() + 1;
  }

  /**
   * Whether enough present and enough new roots have signed.
   *
   * @param present the anchor that is to be replaced
   * @return false if a signature is wrong or there are too few
   */
  public boolean isSignedFor(TrustAnchor present) {
    byte[] message = anchor.encode().toByteArray();
    return present.accepts(SignaturePurpose.TRUST_ANCHOR, message, byPresentRoots)
        && anchor.accepts(SignaturePurpose.TRUST_ANCHOR, message, byNewRoots);
  }

  /**
   * Writes the update.
   *
   * @return its bytes
   */
  public Bytes encode() {
    int length =
        anchor.encodedLength() + byPresentRoots.encodedLength() + byNewRoots.encodedLength();
    return Bytes.copyOf(
        ByteBuffer.allocate(length)
            .put(anchor.encode().toByteArray())
            .put(byPresentRoots.encode().toByteArray())
            .put(byNewRoots.encode().toByteArray())
            .array());
  }

  /**
   * Reads an update; signatures are not verified.
   *
   * @param encoded the update and nothing else
   * @return the update
   * @throws IllegalArgumentException if it is malformed or a root is no point of the curve
   */
  public static TrustAnchorUpdate parse(Bytes encoded) {
    FieldReader in = new FieldReader("update of a trust anchor", encoded);
    TrustAnchorUpdate update =
        new TrustAnchorUpdate(TrustAnchor.read(in), Signatures.read(in), Signatures.read(in));
    in.end();
    return update;
  }
}
