// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.sekey.policy.Denial;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Groups have who protects and all recipients as members, and no key of these groups can be used
 * now; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class NoUsableKeyException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Ids of the groups. */
  @SuppressWarnings("serial") // of a serialisable class
  private final List<byte[]> groups;

  /**
   * Reports groups.
   *
   * @param groups which
   */
  public NoUsableKeyException(Set<GroupId> groups) {
    super(new Denial.NoUsableKey(groups).message(), null);
    this.groups = groups.stream().map(id -> id.bytes().toByteArray()).toList();
  }

  /**
   * Which groups these are.
   *
   * @return the ids, in no order
   */
  public Set<GroupId> groups() {
    Set<GroupId> ids = new HashSet<>();
    groups.forEach(id -> ids.add(new GroupId(Bytes.copyOf(id))));
    return ids;
  }
}
