// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.file.SecureFileException;

/**
 * A contact cannot be added or renamed: its name, its serial number, its keys or its key id, which
 * are the first 8 bytes of the keys' fingerprint, are those of another one. A contact is pinned; it
 * is never replaced silently.
 *
 * <p>Thread safety: immutable.
 */
public final class ContactExistsException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String name;
  private final String contact;
  private final String what;

  /**
   * Reports it.
   *
   * @param name the name that was asked for
   * @param contact the contact that is there
   * @param what what both have: name, serial number, keys or key id
   */
  public ContactExistsException(String name, String contact, String what) {
    super(
        "a contact \""
            + name
            + "\" was not made: contact \""
            + contact
            + "\" has the same "
            + what
            + "; if its element has changed, confirm the new card and remove the old contact first",
        null);
    this.name = name;
    this.contact = contact;
    this.what = what;
  }

  /**
   * The name that was asked for.
   *
   * @return the value
   */
  public String name() {
    return name;
  }

  /**
   * The contact that is there.
   *
   * @return the value
   */
  public String contact() {
    return contact;
  }

  /**
   * What both have: name, serial number, keys or key id.
   *
   * @return the value
   */
  public String what() {
    return what;
  }
}
