// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.policy.Denial;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * No group has who protects and all recipients as members; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class NoCommonGroupException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Ids of the users. */
  @SuppressWarnings("serial") // of a serialisable class
  private final List<byte[]> users;

  /**
   * Reports users.
   *
   * @param users which
   */
  public NoCommonGroupException(Set<UserId> users) {
    super(new Denial.NoCommonGroup(users).message(), null);
    this.users = users.stream().map(id -> id.bytes().toByteArray()).toList();
  }

  /**
   * Which users these are.
   *
   * @return the ids, in no order
   */
  public Set<UserId> users() {
    Set<UserId> ids = new HashSet<>();
    users.forEach(id -> ids.add(new UserId(Bytes.copyOf(id))));
    return ids;
  }
}
