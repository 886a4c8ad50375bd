// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.GroupId;

/**
 * The element knows no group of that id.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyGroupNotFoundException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final byte[] group;

  /**
   * Reports an id.
   *
   * @param group which one
   */
  public KeyGroupNotFoundException(GroupId group) {
    super("the secure element knows no group " + group, null);
    this.group = group.bytes().toByteArray();
  }

  /**
   * Which group it was.
   *
   * @return the id
   */
  public GroupId group() {
    return new GroupId(Bytes.copyOf(group));
  }
}
