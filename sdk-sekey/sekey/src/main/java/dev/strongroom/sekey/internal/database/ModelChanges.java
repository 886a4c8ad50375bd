// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserId;
import java.io.IOException;

/**
 * What can be done to the model: in a transaction of the database by {@link Changes}, or to see
 * whether it would go.
 *
 * <p>Thread safety: confined to one thread.
 */
public interface ModelChanges {

  /**
   * What is said so far of a key.
   *
   * @param id which
   * @return the key
   * @throws SubjectNotFoundException if there is none
   */
  KeyEntry requireKey(KeyId id) throws SubjectNotFoundException;

  /**
   * Adds or changes a user.
   *
   * @param user as it shall be
   * @throws IOException as {@link DirectoryDraft#put(User)}, or if the database fails
   */
  void put(User user) throws IOException;

  /**
   * Adds or changes a group.
   *
   * @param group as it shall be
   * @throws IOException as {@link DirectoryDraft#put(Group)}, or if the database fails
   */
  void put(Group group) throws IOException;

  /**
   * Adds or changes a membership.
   *
   * @param membership as it shall be
   * @throws IOException as {@link DirectoryDraft#put(Membership)}, or if the database fails
   */
  void put(Membership membership) throws IOException;

  /**
   * Adds or changes a key.
   *
   * @param key as it shall be
   * @throws IOException as {@link DirectoryDraft#put(KeyEntry)}, or if the database fails
   */
  void put(KeyEntry key) throws IOException;

  /**
   * Ends a membership.
   *
   * @param group the group
   * @param user the member
   * @throws IOException as {@link DirectoryDraft#removeMember}, or if the database fails
   */
  void removeMember(GroupId group, UserId user) throws IOException;
}
