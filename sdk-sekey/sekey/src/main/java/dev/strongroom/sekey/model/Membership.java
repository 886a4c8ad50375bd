// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;

/**
 * That a user belongs to a group. All members are equal.
 *
 * <p>Thread safety: immutable.
 *
 * @param group the group
 * @param user the member
 * @param since when the user came
 * @param history what the member gets of earlier keys
 */
public record Membership(GroupId group, UserId user, ElementTime since, History history) {

  /**
   * Whether the member is to have a key of the group.
   *
   * @param key of the group
   * @return false for one that had stopped to protect before, if the member gets no history
   */
  public boolean includes(KeyEntry key) {
    return history == History.ALL || !key.ended().isSet() || !key.ended().isBefore(since);
  }
}
