// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import dev.strongroom.core.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A data object: tag, length, value (ISO/IEC 7816-4:2020, 6.3; ISO/IEC 8825-1).
 *
 * <p>Tags of one to three bytes, lengths up to 65535 in the shortest definite form. For public data
 * only: the value is {@link Bytes}.
 *
 * <p>Thread safety: immutable.
 *
 * @param tag the tag's bytes as one number, such as 0x84 or 0x7F21
 * @param value the value, at most 65535 bytes
 */
public record BerTlv(int tag, Bytes value) {

  private static final int MAX_LENGTH = 0xFFFF;

  /**
   * Checks tag and length.
   *
   * @param tag the tag's bytes as one number
   * @param value the value
   */
  public BerTlv {
    if (!wellFormed(tag)) {
      throw new IllegalArgumentException(String.format("%X is no BER tag of 1 to 3 bytes", tag));
    }
    if (value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a value has at most 65535 bytes, not " + value.length());
    }
  }

  /**
   * A constructed data object.
   *
   * @param tag the tag's bytes as one number, with the bit for constructed set
   * @param children what is in it, in order
   * @return the data object
   */
  public static BerTlv of(int tag, List<BerTlv> children) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    children.forEach(child -> child.appendTo(value));
    return new BerTlv(tag, Bytes.copyOf(value.toByteArray()));
  }

  /**
   * Reads data objects that follow one another to the end.
   *
   * @param content the concatenated data objects
   * @return the data objects, in order
   * @throws IllegalArgumentException if a tag, a length or a value is cut short, or a length is not
   *     in its shortest form
   */
  public static List<BerTlv> parseAll(Bytes content) {
    byte[] in = content.toByteArray();
    List<BerTlv> all = new ArrayList<>();
    int at = 0;
    while (at < in.length) {
      int tag = in[at++] & 0xFF;
      if ((tag & 0x1F) == 0x1F) {
        int next;
        do {
          if (at >= in.length || tag > 0xFFFF) {
            throw new IllegalArgumentException("a tag is cut short or too long at byte " + at);
          }
          next = in[at++] & 0xFF;
          tag = tag << 8 | next;
        } while ((next & 0x80) != 0);
      }
      if (at >= in.length) {
        throw new IllegalArgumentException("a length is missing at byte " + at);
      }
      int length = in[at++] & 0xFF;
      if (length > 0x7F) {
        int bytes = length & 0x7F;
        if (bytes < 1 || bytes > 2 || in.length - at < bytes) {
          throw new IllegalArgumentException("a length is malformed at byte " + at);
        }
        length = in[at++] & 0xFF;
        if (bytes == 2) {
          length = length << 8 | (in[at++] & 0xFF);
        }
        if (length < (bytes == 1 ? 0x80 : 0x100)) {
          throw new IllegalArgumentException("a length is not in its shortest form at byte " + at);
        }
      }
      if (length > in.length - at) {
        throw new IllegalArgumentException("a value is cut short at byte " + at);
      }
      all.add(new BerTlv(tag, Bytes.copyOf(in, at, length)));
      at += length;
    }
    return List.copyOf(all);
  }

  /**
   * The first data object with a tag.
   *
   * @param objects where to look
   * @param tag which tag
   * @return its value, or empty
   */
  public static Optional<Bytes> find(List<BerTlv> objects, int tag) {
    return objects.stream().filter(object -> object.tag == tag).map(BerTlv::value).findFirst();
  }

  /**
   * The wire form.
   *
   * @return tag, length, value
   */
  public byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    appendTo(out);
    return out.toByteArray();
  }

  private void appendTo(ByteArrayOutputStream out) {
    for (int shift = 16; shift >= 0; shift -= 8) {
      if (shift == 0 || tag >>> shift != 0) {
        out.write(tag >>> shift);
      }
    }
    int length = value.length();
    if (length > 0xFF) {
      out.write(0x82);
      out.write(length >>> 8);
    } else if (length > 0x7F) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(value.toByteArray());
  }

  private static boolean wellFormed(int tag) {
    if (tag <= 0) {
      return false;
    }
    if (tag <= 0xFF) {
      return (tag & 0x1F) != 0x1F;
    }
    if (tag <= 0xFFFF) {
      return (tag >>> 8 & 0x1F) == 0x1F && (tag & 0x80) == 0;
    }
    return tag <= 0xFFFFFF
        && (tag >>> 16 & 0x1F) == 0x1F
        && (tag >>> 8 & 0x80) != 0
        && (tag & 0x80) == 0;
  }
}
