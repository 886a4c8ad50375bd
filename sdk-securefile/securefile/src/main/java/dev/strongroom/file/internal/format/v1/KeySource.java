// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the keys of a file come from: the key source in its header.
 *
 * <p>Thread safety: immutable.
 */
public enum KeySource {
  /** Derived by the element. */
  ELEMENT(0),
  /** A file key that travels with the file, wrapped for its recipients. */
  TRANSIENT(2);

  private final int code;

  KeySource(int code) {
    this.code = code;
  }

  /**
   * Its number in the header.
   *
   * @return the number
   */
  public int code() {
    return code;
  }

  static @Nullable KeySource parse(int code) {
    for (KeySource source : values()) {
      if (source.code == code) {
        return source;
      }
    }
    return null;
  }

  static String codes(Set<KeySource> sources) {
    return sources.stream()
        .map(source -> Integer.toString(source.code))
        .collect(Collectors.joining(" or "));
  }
}
