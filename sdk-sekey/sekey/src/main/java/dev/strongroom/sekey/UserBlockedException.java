// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.policy.Denial;

/**
 * A user who is blocked was to use a key, or was named as a recipient; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class UserBlockedException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the user. */
  private final byte[] user;

  /**
   * Reports a user.
   *
   * @param user which user
   */
  public UserBlockedException(UserId user) {
    super(new Denial.BlockedUser(user).message(), null);
    this.user = user.bytes().toByteArray();
  }

  /**
   * Which user it is.
   *
   * @return the id
   */
  public UserId user() {
    return new UserId(Bytes.copyOf(user));
  }
}
