// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.sekey.model.UserId;

/**
 * Who has sent an envelope.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface Sender {

  /**
   * Nobody has signed it: it is from some member of the key's group.
   *
   * <p>Thread safety: immutable.
   */
  record Unsigned() implements Sender {}

  /**
   * The user has signed it, on the user's own element.
   *
   * <p>Thread safety: immutable.
   *
   * @param user who
   */
  record Proved(UserId user) implements Sender {}

  /**
   * It names a user who is not known here, perhaps no longer, or has no element: the signature was
   * not verified.
   *
   * <p>Thread safety: immutable.
   *
   * @param user whom it names
   */
  record Unknown(UserId user) implements Sender {}
}
