// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyOperation;

/**
 * The policy of a group keeps work with its keys inside elements, and the operation would give the
 * host a key; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class ResourceRefusedException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the group. */
  private final byte[] group;

  /** What was asked. */
  private final KeyOperation operation;

  /**
   * Reports a group.
   *
   * @param group whose policy it is
   * @param operation what was asked
   */
  public ResourceRefusedException(GroupId group, KeyOperation operation) {
    super(
        "the policy of group "
            + group
            + " keeps all work inside elements, and this would give the host a key; use a key that"
            + " encrypts inside, or another group",
        null);
    this.group = group.bytes().toByteArray();
    this.operation = operation;
  }

  /**
   * Whose policy it is.
   *
   * @return the group's id
   */
  public GroupId group() {
    return new GroupId(Bytes.copyOf(group));
  }

  /**
   * What was asked.
   *
   * @return the operation
   */
  public KeyOperation operation() {
    return operation;
  }
}
