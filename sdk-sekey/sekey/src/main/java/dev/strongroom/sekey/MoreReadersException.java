// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.policy.Denial;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whatever could protect is read by more users than it is meant for; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class MoreReadersException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the group. */
  private final byte[] group;

  /** Ids of the readers. */
  @SuppressWarnings("serial") // of a serialisable class
  private final List<byte[]> readers;

  /**
   * Reports a group.
   *
   * @param group the smallest group that could be used
   * @param readers which
   */
  public MoreReadersException(GroupId group, Set<UserId> readers) {
    super(new Denial.MoreReaders(group, readers).message(), null);
    this.group = group.bytes().toByteArray();
    this.readers = readers.stream().map(id -> id.bytes().toByteArray()).toList();
  }

  /**
   * The smallest group that could be used.
   *
   * @return the id
   */
  public GroupId group() {
    return new GroupId(Bytes.copyOf(group));
  }

  /**
   * Which readers these are.
   *
   * @return the ids, in no order
   */
  public Set<UserId> readers() {
    Set<UserId> ids = new HashSet<>();
    readers.forEach(id -> ids.add(new UserId(Bytes.copyOf(id))));
    return ids;
  }
}
