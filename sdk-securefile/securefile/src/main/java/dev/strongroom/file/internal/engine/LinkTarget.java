// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.internal.format.v1.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The target of a symbolic link: 1 to 4095 bytes of UTF-8 without NUL, kept as given as the link's
 * content.
 *
 * <p>Thread safety: stateless.
 */
final class LinkTarget {

  private LinkTarget() {}

  /**
   * Checks a target.
   *
   * @return its bytes
   * @throws InvalidNameException if it cannot stand in a link
   */
  static byte[] check(String target) throws InvalidNameException {
    if (target.isEmpty()) {
      throw new InvalidNameException("", "a link's target has at least one character");
    }
    return Names.utf8(target, Names.MAX_TARGET);
  }

  /** Reads a link. */
  static String read(FileNode link) throws IOException {
    byte[] bytes = new byte[Names.MAX_TARGET];
    link.lock.lock();
    try {
      long length = link.length;
      if (length < 1 || length > Names.MAX_TARGET) {
        throw corrupt(link, "its target has " + length + " bytes");
      }
      link.read(0, bytes, 0, (int) length);
      CharBuffer text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, (int) length));
      String target = text.toString();
      if (target.indexOf('\0') >= 0) {
        throw corrupt(link, "its target has a NUL");
      }
      return target;
    } catch (CharacterCodingException e) {
      throw corrupt(link, "its target is not UTF-8");
    } finally {
      link.lock.unlock();
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static IntegrityException corrupt(FileNode link, String detail) {
    return link.damaged("symbolic link", -1, 0, Long.MAX_VALUE, detail);
  }
}
