// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.SecretBytes;
import java.io.IOException;

/**
 * Where the PIN of the administrator's element comes from whenever it is needed: from a person, a
 * keypad, or a safe of the operating system. It is kept nowhere in between.
 *
 * <p>Thread safety: as the implementation; asked by one thread at a time.
 */
@FunctionalInterface
public interface AdministratorPin {

  /**
   * Gives the PIN.
   *
   * @return the PIN in UTF-8, a copy that who asked closes
   * @throws IOException if it cannot be had
   */
  SecretBytes read() throws IOException;
}
