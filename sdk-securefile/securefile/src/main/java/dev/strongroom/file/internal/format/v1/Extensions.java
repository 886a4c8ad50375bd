// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.file.FormatVersionException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The area for records: type u16 | length u16 | value. A type with its highest bit set is critical:
 * whoever does not know it must not use the file. All others can be passed over and are kept. Type
 * 0 ends the records; from there on all is zero.
 *
 * <p>Thread safety: stateless.
 */
final class Extensions {

  /** Length of a record's head. */
  static final int HEAD = 4;

  private static final int CRITICAL = 0x8000;

  private Extensions() {}

  /**
   * Checks an area.
   *
   * @param file the file, for messages
   * @param format the format that the file says it has
   * @param area the array with the area, which goes to its end
   * @param from where it begins
   * @return what is wrong with it, or null
   * @throws FormatVersionException if a record is critical
   */
  static @Nullable String problem(String file, String format, byte[] area, int from)
      throws FormatVersionException {
    ByteBuffer in = ByteBuffer.wrap(area, from, area.length - from);
    while (in.remaining() >= 2) {
      int type = in.getShort() & 0xFFFF;
      if (type == 0) {
        boolean zero = FileHeader.isZero(area, in.position(), area.length);
        return zero ? null : "there is something behind its extension records";
      }
      if (in.remaining() < 2) {
        return "an extension record is cut";
      }
      int length = in.getShort() & 0xFFFF;
      if (length > in.remaining()) {
        return "an extension record is cut";
      }
      if ((type & CRITICAL) != 0) {
        throw new FormatVersionException(
            file,
            format + " with critical record type 0x" + Integer.toHexString(type),
            format + " without critical records");
      }
      in.position(in.position() + length);
    }
    return in.hasRemaining() ? "an extension record is cut" : null;
  }

  /**
   * Takes the user attributes out of an area that has been checked.
   *
   * @param area all of it
   * @param attributes where they go
   * @return the other records
   * @throws FileHeader.Refused if an attribute is not well-formed
   */
  static byte[] split(byte[] area, UserAttributeSet attributes) throws FileHeader.Refused {
    ByteBuffer in = ByteBuffer.wrap(area);
    ByteBuffer others = ByteBuffer.allocate(area.length);
    while (in.remaining() >= HEAD && in.getShort(in.position()) != 0) {
      int type = in.getShort() & 0xFFFF;
      int length = in.getShort() & 0xFFFF;
      ByteBuffer value = in.slice(in.position(), length);
      if (type == UserAttributeSet.RECORD) {
        String problem = attributes.readRecord(value);
        if (problem != null) {
          throw new FileHeader.Refused(problem);
        }
      } else {
        others.put(area, in.position() - HEAD, HEAD + length);
      }
      in.position(in.position() + length);
    }
    return Arrays.copyOf(others.array(), others.position());
  }
}
