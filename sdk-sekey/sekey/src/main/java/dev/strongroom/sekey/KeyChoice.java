// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.model.Readers;
import dev.strongroom.sekey.model.UserId;
import java.util.Set;

/**
 * Which key is to protect something.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface KeyChoice {

  /**
   * The most secure key that some users have in common with who protects.
   *
   * <p>Thread safety: immutable.
   *
   * @param users who shall be able to process; none for oneself alone
   * @param readers whether further members of a group may be able to process, too
   */
  record ForUsers(Set<UserId> users, Readers readers) implements KeyChoice {

    /**
     * Copies the set.
     *
     * @param users as above
     * @param readers as above
     */
    public ForUsers {
      users = Set.copyOf(users);
    }
  }

  /**
   * The most secure key of a group.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which
   */
  record ForGroup(GroupId group) implements KeyChoice {}

  /**
   * This key, and no other.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which
   */
  record ByKey(KeyId key) implements KeyChoice {}

  /**
   * For other users; further members of a group may be able to process, too.
   *
   * @param users who shall
   * @return the choice
   */
  static KeyChoice forUsers(Set<UserId> users) {
    return new ForUsers(users, Readers.MEMBERS);
  }

  /**
   * For private use: nobody else may be able to process.
   *
   * @return the choice
   */
  static KeyChoice forOneself() {
    return new ForUsers(Set.of(), Readers.RECIPIENTS_ONLY);
  }

  /**
   * For all members of a group.
   *
   * @param group which
   * @return the choice
   */
  static KeyChoice forGroup(GroupId group) {
    return new ForGroup(group);
  }

  /**
   * By a certain key.
   *
   * @param key which
   * @return the choice
   */
  static KeyChoice byKey(KeyId key) {
    return new ByKey(key);
  }
}
