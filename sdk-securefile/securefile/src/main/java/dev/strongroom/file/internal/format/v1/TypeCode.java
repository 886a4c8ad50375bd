// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.file.FileType;
import org.jspecify.annotations.Nullable;

/**
 * How types of entries are written: file 0, directory 1, symbolic link 2.
 *
 * <p>Thread safety: stateless.
 */
public final class TypeCode {

  private TypeCode() {}

  /**
   * Encodes a type.
   *
   * @param type the type
   * @return its code
   */
  public static byte of(FileType type) {
    return switch (type) {
      case FILE -> 0;
      case DIRECTORY -> 1;
      case SYMBOLIC_LINK -> 2;
    };
  }

  /**
   * Decodes a type.
   *
   * @param code the code
   * @return the type, or null if this release does not know it
   */
  public static @Nullable FileType parse(int code) {
    return switch (code) {
      case 0 -> FileType.FILE;
      case 1 -> FileType.DIRECTORY;
      case 2 -> FileType.SYMBOLIC_LINK;
      default -> null;
    };
  }
}
