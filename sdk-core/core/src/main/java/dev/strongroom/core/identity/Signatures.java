// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What several signers say about the same bytes: number u8 | for each, by ascending index: index u8
 * | signature 64.
 *
 * <p>Thread safety: immutable.
 *
 * @param list at most {@value #MAX_COUNT}, indices ascending
 */
public record Signatures(List<IndexedSignature> list) {

  /** Most signatures: as many as a trust anchor has roots. */
  public static final int MAX_COUNT = TrustAnchor.MAX_ROOTS;

  /**
   * Checks number and order.
   *
   * @param list as above
   */
  public Signatures {
    list = List.copyOf(list);
    if (list.size() > MAX_COUNT) {
      throw new IllegalArgumentException("at most 8 signatures, not " + list.size());
    }
    for (int i = 1; i < list.size(); i++) {
      if (list.get(i).index() <= list.get(i - 1).index()) {
        throw new IllegalArgumentException("the indices of signatures do not ascend");
      }
    }
  }

  /**
   * The signature of one signer, at index 0.
   *
   * @param signature {@value IdentitySignature#LENGTH} bytes
   * @return a list of one
   */
  public static Signatures of(Bytes signature) {
    return new Signatures(List.of(new IndexedSignature(0, signature)));
  }

  /**
   * Whether enough of some keys have signed, and nothing else is in the list.
   *
   * @param threshold how many are enough, at least 1
   * @param keys of the signers, {@code 65} bytes each, by index
   * @param purpose what the signatures are for
   * @param message the whole message
   * @return false if a signature is wrong, nobody's, or there are too few
   */
  public boolean reach(int threshold, List<Bytes> keys, SignaturePurpose purpose, byte[] message) {
    if (threshold < 1) {
      throw new IllegalArgumentException("a threshold is at least 1, not " + threshold);
    }
    if (list.size() < threshold) {
      return false;
    }
    for (IndexedSignature one : list) {
      if (one.index() >= keys.size()
          || !IdentitySignature.verifies(
              keys.get(one.index()), purpose, message, one.signature())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes the list.
   *
   * @return 1 byte, and 65 for each signature
   */
  public Bytes encode() {
    ByteBuffer out = ByteBuffer.allocate(encodedLength());
    out.put((byte) list.size());
    for (IndexedSignature one : list) {
      out.put((byte) one.index()).put(one.signature().toByteArray());
    }
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads a list.
   *
   * @param encoded the list and nothing else
   * @return the signatures
   * @throws IllegalArgumentException if it is malformed
   */
  public static Signatures parse(Bytes encoded) {
    FieldReader in = new FieldReader("signatures", encoded);
    Signatures signatures = read(in);
    in.end();
    return signatures;
  }

  static Signatures read(FieldReader in) {
    int count = in.u8();
    if (count > MAX_COUNT) {
      throw in.malformed(count + " signatures, at most 8");
    }
    List<IndexedSignature> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(new IndexedSignature(in.u8(), in.bytes(IdentitySignature.LENGTH)));
    }
    return new Signatures(list);
  }

  int encodedLength() {
    return 1 + list.size() * IndexedSignature.LENGTH;
  }
}
