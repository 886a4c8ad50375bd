// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.TrustAnchor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an element tells without a PIN: the certificates of its identity, its trust anchor and its
 * card.
 *
 * <p>Entries of tag u16, length u32, value, by ascending tag: 1 certificates, 2 trust anchor, 3
 * card. Not encrypted, but under the MAC of the copy.
 *
 * <p>Thread safety: immutable.
 *
 * @param certificates two X.509 certificates in DER, null before there is an identity
 * @param anchor null before one is set
 * @param card null before there are keys of HPKE suites
 */
record PublicSection(
    @Nullable Bytes certificates, @Nullable TrustAnchor anchor, @Nullable Bytes card) {

  static final PublicSection EMPTY = new PublicSection(null, null, null);

  private static final int TAG_CERTIFICATES = 1;
  private static final int TAG_ANCHOR = 2;
  private static final int TAG_CARD = 3;
  private static final int ENTRY_HEADER = 6;

  PublicSection withCertificates(Bytes newCertificates) {
    return new PublicSection(newCertificates, anchor, card);
  }

  PublicSection withAnchor(TrustAnchor newAnchor) {
    return new PublicSection(certificates, newAnchor, card);
  }

  PublicSection withCard(Bytes newCard) {
    return new PublicSection(certificates, anchor, newCard);
  }

  Bytes encode() {
    Bytes anchorValue = anchor == null ? null : anchor.encode();
    int length = lengthOf(certificates) + lengthOf(anchorValue) + lengthOf(card);
    ByteBuffer out = ByteBuffer.allocate(length);
    put(out, TAG_CERTIFICATES, certificates);
    put(out, TAG_ANCHOR, anchorValue);
    put(out, TAG_CARD, card);
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads the section.
   *
   * @throws IllegalArgumentException if it is malformed; the message says where
   */
  static PublicSection parse(Bytes encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    PublicSection section = EMPTY;
    int last = 0;
    while (in.remaining() >= ENTRY_HEADER) {
      int tag = in.getShort();
      int length = in.getInt();
      if (tag <= last || length < 0 || length > in.remaining()) {
        throw new IllegalArgumentException("its public section is malformed");
      }
      last = tag;
      byte[] value = new byte[length];
      in.get(value);
      section =
          switch (tag) {
            case TAG_CERTIFICATES -> section.withCertificates(Bytes.copyOf(value));
            case TAG_ANCHOR -> section.withAnchor(TrustAnchor.parse(Bytes.copyOf(value)));
            case TAG_CARD -> section.withCard(Bytes.copyOf(value));
            default -> throw new IllegalArgumentException("its public section has an entry " + tag);
          };
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("its public section is malformed");
    }
    return section;
  }

  private static int lengthOf(@Nullable Bytes value) {
    return value == null ? 0 : ENTRY_HEADER + value.length();
  }

  private static void put(ByteBuffer out, int tag, @Nullable Bytes value) {
    if (value != null) {
      out.putShort((short) tag).putInt(value.length()).put(value.toByteArray());
    }
  }
}
