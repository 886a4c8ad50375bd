// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.sekey.policy.Denial;

/**
 * Something was to be protected for a group that is retired; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class GroupRetiredException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the group. */
  private final byte[] group;

  /**
   * Reports a group.
   *
   * @param group which group
   */
  public GroupRetiredException(GroupId group) {
    super(new Denial.RetiredGroup(group).message(), null);
    this.group = group.bytes().toByteArray();
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
