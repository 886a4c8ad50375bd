// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.util.Optional;

/**
 * Somebody who has an element of the system.
 *
 * <p>Thread safety: immutable.
 *
 * @param id who it is
 * @param name what people call the user; no two users have the same
 * @param element the element, or empty while there is none
 * @param state whether the user takes part
 */
public record User(UserId id, Name name, Optional<UserElement> element, UserState state) {

  /**
   * The same user with another state.
   *
   * @param other the state
   * @return the user
   */
  public User withState(UserState other) {
    return new User(id, name, element, other);
  }

  /**
   * The same user with another name.
   *
   * @param other the name
   * @return the user
   */
  public User withName(Name other) {
    return new User(id, other, element, state);
  }

  /**
   * The same user with another element.
   *
   * @param other the element
   * @return the user
   */
  public User withElement(UserElement other) {
    return new User(id, name, Optional.of(other), state);
  }
}
