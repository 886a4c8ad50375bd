// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.file.FormatVersionException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The area for records of later releases: type u16 | length u16 | value. A type with its highest
 * bit set is critical: whoever does not know it must not use the file. All others can be passed
 * over and are kept. Type 0 ends the area.
 *
 * <p>Thread safety: stateless.
 */
final class Extensions {

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
    while (in.remaining() >= 4) {
      int type = in.getShort() & 0xFFFF;
      int length = in.getShort() & 0xFFFF;
      if (type == 0) {
        return null;
      }
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
}
