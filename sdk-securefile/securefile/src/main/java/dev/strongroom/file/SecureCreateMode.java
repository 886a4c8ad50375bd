// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import java.nio.file.OpenOption;

/**
 * The permission bits of a file that an opening makes; without it they are 0600. Of no meaning for
 * a file that is there.
 *
 * @param mode POSIX permission bits with set-user-id, set-group-id and sticky, 0 to 07777
 *     <p>Thread safety: immutable.
 */
public record SecureCreateMode(int mode) implements OpenOption {

  /**
   * Checks the bits.
   *
   * @param mode permission bits, 0 to 07777
   * @throws IllegalArgumentException if there are others
   */
  public SecureCreateMode {
    if ((mode & ~07777) != 0) {
      throw new IllegalArgumentException(
          "a mode has bits 0 to 07777, not 0" + Integer.toOctalString(mode));
    }
  }
}
