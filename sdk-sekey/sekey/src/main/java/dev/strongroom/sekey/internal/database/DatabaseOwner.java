// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import java.util.Locale;

/**
 * Whose database it is; says so from the first commit on, and never anything else.
 *
 * <p>Thread safety: immutable.
 *
 * @param role what it is for
 * @param administrator serial number of the element of the system's administrator, 16 bytes
 * @param element serial number of the element that it is used with, 16 bytes; the same for an
 *     administrator
 */
public record DatabaseOwner(Role role, Bytes administrator, Bytes element) {

  private static final int SERIAL_LENGTH = 16;

  /** What a database is for. */
  public enum Role {
    /** All users, groups and keys of a system. */
    ADMINISTRATOR,
    /** What one user needs to know. */
    USER;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the lengths.
   *
   * @param role as above
   * @param administrator as above
   * @param element as above
   */
  public DatabaseOwner {
    if (administrator.length() != SERIAL_LENGTH || element.length() != SERIAL_LENGTH) {
      throw new IllegalArgumentException("a serial number has 16 bytes");
    }
  }

  /**
   * The administrator's.
   *
   * @param element serial number of the administrator's element
   * @return the owner
   */
  public static DatabaseOwner administrator(Bytes element) {
    return new DatabaseOwner(Role.ADMINISTRATOR, element, element);
  }

  /**
   * A user's.
   *
   * @param administrator serial number of the administrator's element
   * @param element serial number of the user's element
   * @return the owner
   */
  public static DatabaseOwner user(Bytes administrator, Bytes element) {
    return new DatabaseOwner(Role.USER, administrator, element);
  }
}
