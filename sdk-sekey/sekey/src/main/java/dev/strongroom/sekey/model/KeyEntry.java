// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyState;

/**
 * A key as the system knows it: what the element enforces, and when things came to pass.
 *
 * <p>Thread safety: immutable.
 *
 * @param attributes of the key, as in the element; with a group
 * @param made when it was made
 * @param ended when it stopped to protect for good; none before
 * @param compromised when it was declared that somebody else may know it; none if it was not
 */
public record KeyEntry(
    KeyAttributes attributes, ElementTime made, ElementTime ended, ElementTime compromised) {

  /**
   * Checks that there is a group.
   *
   * @param attributes as above
   * @param made as above
   * @param ended as above
   * @param compromised as above
   */
  public KeyEntry {
    if (attributes.group().isEmpty()) {
      throw new IllegalArgumentException("key " + attributes.id() + " belongs to no group");
    }
  }

  /**
   * A key that was just made.
   *
   * @param attributes as above
   * @param made when
   * @return the key
   */
  public static KeyEntry made(KeyAttributes attributes, ElementTime made) {
    return new KeyEntry(attributes, made, ElementTime.NONE, ElementTime.NONE);
  }

  /**
   * The same key in another state.
   *
   * @param state the state
   * @param at when it came to it
   * @return the key
   */
  public KeyEntry changed(KeyState state, ElementTime at) {
    boolean end =
        switch (state) {
          case PRE_ACTIVE, ACTIVE, SUSPENDED -> false;
          case DEACTIVATED, COMPROMISED, DESTROYED, DESTROYED_COMPROMISED -> true;
        };
    boolean known = state == KeyState.COMPROMISED || state == KeyState.DESTROYED_COMPROMISED;
    return new KeyEntry(
        attributes.withState(state),
        made,
        end && !ended.isSet() ? at : ended,
        known && !compromised.isSet() ? at : compromised);
  }

  /**
   * The same key with other attributes in the same state.
   *
   * @param other the attributes
   * @return the key
   */
  public KeyEntry withAttributes(KeyAttributes other) {
    return new KeyEntry(other, made, ended, compromised);
  }

  /**
   * Its name.
   *
   * @return the id
   */
  public KeyId id() {
    return attributes.id();
  }

  /**
   * Whom it belongs to, for ever.
   *
   * @return the group
   */
  public GroupId group() {
    return attributes.group().orElseThrow();
  }

  /**
   * Where it is in its life.
   *
   * @return the state
   */
  public KeyState state() {
    return attributes.state();
  }
}
