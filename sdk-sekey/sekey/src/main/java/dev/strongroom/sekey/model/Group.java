// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import dev.strongroom.core.keys.GroupId;

/**
 * Users who have keys in common, and the policy of these keys.
 *
 * <p>Thread safety: immutable.
 *
 * @param id which group it is
 * @param name what people call it; no two groups have the same
 * @param policy for keys that are made from now on, and for what is done with all of them
 * @param state whether it has new keys
 */
public record Group(GroupId id, Name name, GroupPolicy policy, GroupState state) {

  /**
   * The same group with another state.
   *
   * @param other the state
   * @return the group
   */
  public Group withState(GroupState other) {
    return new Group(id, name, policy, other);
  }

  /**
   * The same group with another name.
   *
   * @param other the name
   * @return the group
   */
  public Group withName(Name other) {
    return new Group(id, other, policy, state);
  }

  /**
   * The same group with another policy.
   *
   * @param other the policy
   * @return the group
   */
  public Group withPolicy(GroupPolicy other) {
    return new Group(id, name, other, state);
  }
}
