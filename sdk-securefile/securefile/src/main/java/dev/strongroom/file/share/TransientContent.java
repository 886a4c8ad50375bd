// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import java.time.Instant;
import java.util.List;

/**
 * What a transient file tells those it was sent to, and its sender; verified.
 *
 * <p>Thread safety: immutable.
 *
 * @param name the file's name
 * @param size length of its content in bytes
 * @param created when it was made
 * @param modified when its content changed last
 * @param mode POSIX permission bits
 * @param userAttributes names of its user attributes, in ascending order
 */
public record TransientContent(
    String name,
    long size,
    Instant created,
    Instant modified,
    int mode,
    List<String> userAttributes) {

  /**
   * Copies the list.
   *
   * @param name the file's name
   * @param size length of its content in bytes
   * @param created when it was made
   * @param modified when its content changed last
   * @param mode POSIX permission bits
   * @param userAttributes names of its user attributes
   */
  public TransientContent {
    userAttributes = List.copyOf(userAttributes);
  }
}
