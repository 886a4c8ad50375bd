// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.policy.Denial;

/**
 * A user was to use a key of a group that the user does not belong to; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class NotMemberException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the user. */
  private final byte[] user;

  /** Id of the group. */
  private final byte[] group;

  /**
   * Reports a user.
   *
   * @param user which user
   * @param group which group
   */
  public NotMemberException(UserId user, GroupId group) {
    super(new Denial.NotMember(user, group).message(), null);
    this.user = user.bytes().toByteArray();
    this.group = group.bytes().toByteArray();
  }

  /**
   * Which user it is.
   *
   * @return the id
   */
  public UserId user() {
    return new UserId(Bytes.copyOf(user));
  }

  /**
   * Which group it is.
   *
   * @return the id
   */
  public GroupId group() {
    return new GroupId(Bytes.copyOf(group));
  }
}
