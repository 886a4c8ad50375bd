// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.file.internal.crypto.TransientKey;
import java.nio.ByteBuffer;

/**
 * What lets one element open a transient file: its file key, wrapped for it.
 *
 * <p>Layout, big-endian: suite u8 | kind u8 | length u16 | key id 8 | counter u64 | enc | wrapped
 * file key 40; byte table in {@code docs/spec/transient-file.md}.
 *
 * <p>Thread safety: immutable.
 *
 * @param suite code of the HPKE suite, perhaps one that this release does not know
 * @param kind whose it is
 * @param keyId first 8 bytes of the fingerprint of the element's card
 * @param counter number among the files that the outbox has sent to it; 0 in the sender's own
 * @param enc what HPKE encapsulated
 * @param wrapped the file key under the exported key
 */
public record Stanza(int suite, Kind kind, Bytes keyId, long counter, Bytes enc, Bytes wrapped) {

  /** Length of a key id in bytes. */
  public static final int KEY_ID = 8;

  private static final int HEAD = 20;

  /** Whose a stanza is. */
  public enum Kind {
    /** A recipient's. */
    RECIPIENT(0),
    /** The sender's own, with which it changes the recipients. */
    SENDER(1);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /**
   * Its length.
   *
   * @return bytes
   */
  public int length() {
    return HEAD + enc.length() + TransientKey.WRAPPED;
  }

  void writeTo(ByteBuffer out) {
    out.put((byte) suite).put((byte) kind.code).putShort((short) length());
    out.put(keyId.toByteArray()).putLong(counter);
    out.put(enc.toByteArray()).put(wrapped.toByteArray());
  }

  static Stanza read(ByteBuffer in) throws FileHeader.Refused {
    if (in.remaining() < HEAD) {
      throw new FileHeader.Refused("a stanza is cut");
    }
    int start = in.position();
    int suite = in.get() & 0xFF;
    int kind = in.get() & 0xFF;
    int length = in.getShort() & 0xFFFF;
    int encLength = length - HEAD - TransientKey.WRAPPED;
    if (suite == 0 || kind > Kind.SENDER.code || encLength < 1) {
      throw new FileHeader.Refused("a stanza's suite, kind or length is out of range");
    }
    boolean fits = HpkeSuite.of(suite).map(known -> known.encLength() == encLength).orElse(true);
    if (!fits) {
      throw new FileHeader.Refused("a stanza has not the length of its suite");
    }
    if (length > in.limit() - start) {
      throw new FileHeader.Refused("a stanza is cut");
    }
    Bytes keyId = bytes(in, KEY_ID);
    long counter = in.getLong();
    Kind known = kind == Kind.SENDER.code ? Kind.SENDER : Kind.RECIPIENT;
    if ((known == Kind.SENDER) != (counter == 0) || counter < 0) {
      throw new FileHeader.Refused("a stanza's counter is out of range");
    }
    return new Stanza(
        suite, known, keyId, counter, bytes(in, encLength), bytes(in, TransientKey.WRAPPED));
  }

  static Bytes bytes(ByteBuffer in, int length) {
    byte[] content = new byte[length];
    in.get(content);
    return Bytes.copyOf(content);
  }
}
