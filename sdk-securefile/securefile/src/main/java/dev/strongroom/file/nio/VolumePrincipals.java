// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/**
 * Owners and groups as a volume stores them: numbers of 32 bits. A volume is portable and the names
 * of one host mean nothing on another, so the name of a principal is its number.
 *
 * <p>Thread safety: thread-safe.
 */
final class VolumePrincipals {

  /** An owner. */
  record User(int id) implements UserPrincipal {
    @Override
    public String getName() {
      return Integer.toUnsignedString(id);
    }

    @Override
    public String toString() {
      return getName();
    }
  }

  /** A group. */
  record Group(int id) implements GroupPrincipal {
    @Override
    public String getName() {
      return Integer.toUnsignedString(id);
    }

    @Override
    public String toString() {
      return getName();
    }
  }

  static final UserPrincipalLookupService LOOKUP =
      new UserPrincipalLookupService() {
        @Override
        public UserPrincipal lookupPrincipalByName(String name)
            throws UserPrincipalNotFoundException {
          return new User(number(name));
        }

        @Override
        public GroupPrincipal lookupPrincipalByGroupName(String group)
            throws UserPrincipalNotFoundException {
          return new Group(number(group));
        }
      };

  private VolumePrincipals() {}

  private static int number(String name) throws UserPrincipalNotFoundException {
    try {
      return Integer.parseUnsignedInt(name);
    } catch (NumberFormatException e) {
      throw new UserPrincipalNotFoundException(name);
    }
  }
}
