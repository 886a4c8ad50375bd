// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.model.UserId;

/**
 * A key had stopped to protect before the user came into its group, and the user gets no history;
 * nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyBeforeMembershipException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the key. */
  private final byte[] key;

  /** Id of the user. */
  private final byte[] user;

  /**
   * Reports a key.
   *
   * @param key which key
   * @param user which user
   */
  public KeyBeforeMembershipException(KeyId key, UserId user) {
    super(
        "key "
            + key
            + " had stopped to protect before user "
            + user
            + " came into its group, which"
            + " gives no history; have a member rewrap what is needed",
        null);
    this.key = key.bytes().toByteArray();
    this.user = user.bytes().toByteArray();
  }

  /**
   * Which key it is.
   *
   * @return the id
   */
  public KeyId key() {
    return new KeyId(Bytes.copyOf(key));
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
