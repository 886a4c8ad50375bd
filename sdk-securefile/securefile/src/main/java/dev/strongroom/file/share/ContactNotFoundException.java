// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.file.SecureFileException;

/**
 * There is no contact of that name in the volume.
 *
 * <p>Thread safety: immutable.
 */
public final class ContactNotFoundException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String name;

  /**
   * Reports it.
   *
   * @param name the name
   */
  public ContactNotFoundException(String name) {
    super(
        "no contact is called \"" + name + "\"; add its card, or look at the list of contacts",
        null);
    this.name = name;
  }

  /**
   * The name.
   *
   * @return the value
   */
  public String name() {
    return name;
  }
}
