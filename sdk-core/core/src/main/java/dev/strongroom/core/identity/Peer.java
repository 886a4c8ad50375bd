// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;

/**
 * Another element, as an element is told about it: form u8 | a chain, or two keys.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface Peer {

  /** Form of a certified peer. */
  int FORM_CERTIFIED = 1;

  /** Form of a pinned peer. */
  int FORM_PINNED = 2;

  /**
   * Vouched for by the roots of a trust anchor.
   *
   * <p>Thread safety: immutable.
   *
   * @param chain the last link is the peer's own
   */
  record Certified(CertificationChain chain) implements Peer {

    @Override
    public Bytes signingKey() {
      return chain.element().signingKey();
    }

    @Override
    public Bytes agreementKey() {
      return chain.element().agreementKey();
    }

    @Override
    public Bytes encode() {
      Bytes encoded = chain.encode();
      return Bytes.copyOf(
          ByteBuffer.allocate(1 + encoded.length())
              .put((byte) FORM_CERTIFIED)
              .put(encoded.toByteArray())
              .array());
    }
  }

  /**
   * Known by its keys alone, whose fingerprint a person has confirmed.
   *
   * <p>Thread safety: immutable.
   *
   * @param signingKey a point of P-256
   * @param agreementKey a point of P-256
   */
  record Pinned(Bytes signingKey, Bytes agreementKey) implements Peer {

    /**
     * Checks the keys.
     *
     * @param signingKey as above
     * @param agreementKey as above
     */
    public Pinned {
      P256.requirePublicKey(signingKey);
      P256.requirePublicKey(agreementKey);
    }

    @Override
    public Bytes encode() {
      return Bytes.copyOf(
          ByteBuffer.allocate(1 + 2 * P256.PUBLIC_KEY_LENGTH)
              .put((byte) FORM_PINNED)
              .put(signingKey.toByteArray())
              .put(agreementKey.toByteArray())
              .array());
    }
  }

  /**
   * The key that its signatures are verified with.
   *
   * @return a point of P-256, 65 bytes
   */
  Bytes signingKey();

  /**
   * The key that secrets for it are encrypted to.
   *
   * @return a point of P-256, 65 bytes
   */
  Bytes agreementKey();

  /**
   * Writes the peer.
   *
   * @return form and content
   */
  Bytes encode();

  /**
   * What two people compare, as a {@link Fingerprint}.
   *
   * @return eight groups of four hexadecimal digits
   */
  default String fingerprint() {
    return Fingerprint.of(signingKey(), agreementKey()).toString();
  }

  /**
   * Reads a peer; signatures are not verified.
   *
   * @param encoded the peer and nothing else
   * @return the peer
   * @throws IllegalArgumentException if it is malformed or a key is no point of the curve
   */
  static Peer parse(Bytes encoded) {
    FieldReader in = new FieldReader("peer", encoded);
    int form = in.u8();
    Peer peer =
        switch (form) {
          case FORM_CERTIFIED -> new Certified(CertificationChain.parse(in.rest()));
          case FORM_PINNED ->
              new Pinned(in.bytes(P256.PUBLIC_KEY_LENGTH), in.bytes(P256.PUBLIC_KEY_LENGTH));
          default -> throw in.malformed("form " + form);
        };
    in.end();
    return peer;
  }
}
