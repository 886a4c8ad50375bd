// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Whom an element believes about other elements: version u32 | threshold u8 | number of roots u8 |
 * signing keys 65 each.
 *
 * <p>Thread safety: immutable.
 *
 * @param version from 1, grows by 1 with each update; an unsigned 32-bit number
 * @param threshold how many roots have to sign, 1 to the number of roots
 * @param roots their signing keys, 1 to {@value #MAX_ROOTS}, all different points of P-256
 */
public record TrustAnchor(int version, int threshold, List<Bytes> roots) {

  /** Most roots. */
  public static final int MAX_ROOTS = 8;

  /** Length of the encoding with most roots, in bytes. */
  public static final int MAX_LENGTH = 6 + MAX_ROOTS * P256.PUBLIC_KEY_LENGTH;

  /**
   * Checks the ranges and the keys.
   *
   * @param version as above
   * @param threshold as above
   * @param roots as above
   */
  public TrustAnchor {
    roots = List.copyOf(roots);
    if (version == 0) {
      throw new IllegalArgumentException("versions of a trust anchor count from 1");
    }
    if (roots.isEmpty() || roots.size() > MAX_ROOTS) {
      throw new IllegalArgumentException("a trust anchor has 1 to 8 roots, not " + roots.size());
    }
    if (threshold < 1 || threshold > roots.size()) {
      throw new IllegalArgumentException(
          "a threshold of " + threshold + " among " + roots.size() + " roots");
    }
    roots.forEach(P256::requirePublicKey);
    if (new HashSet<>(roots).size() != roots.size()) {
      throw new IllegalArgumentException("a trust anchor has the same root twice");
    }
  }

  /**
   * Whether enough of the roots have signed.
   *
   * @param purpose what the signatures are for
   * @param message the whole message
   * @param signatures by index of the root
   * @return false if a signature is wrong or there are too few
   */
  public boolean accepts(SignaturePurpose purpose, byte[] message, Signatures signatures) {
    return signatures.reach(threshold, roots, purpose, message);
  }

  /**
   * Writes the anchor.
   *
   * @return 6 bytes, and 65 for each root
   */
  public Bytes encode() {
    ByteBuffer out = ByteBuffer.allocate(encodedLength());
    out.putInt(version).put((byte) threshold).put((byte) roots.size());
    roots.forEach(root -> out.put(root.toByteArray()));
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads an anchor.
   *
   * @param encoded the anchor and nothing else
   * @return the anchor
   * @throws IllegalArgumentException if it is malformed or a root is no point of the curve
   */
  public static TrustAnchor parse(Bytes encoded) {
    FieldReader in = new FieldReader("trust anchor", encoded);
    TrustAnchor anchor = read(in);
    in.end();
    return anchor;
  }

  static TrustAnchor read(FieldReader in) {
    int version = in.u32();
    int threshold = in.u8();
    int count = in.u8();
    if (count > MAX_ROOTS) {
      throw in.malformed(count + " roots, at most 8");
    }
    List<Bytes> roots = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      roots.add(in.bytes(P256.PUBLIC_KEY_LENGTH));
    }
    return new TrustAnchor(version, threshold, roots);
  }

  int encodedLength() {
    return 6 + roots.size() * P256.PUBLIC_KEY_LENGTH;
  }
}
