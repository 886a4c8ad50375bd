// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.selection;

/**
 * What one key has over another, in the order in which it is looked at.
 *
 * <p>Thread safety: immutable.
 */
public enum Criterion {
  /** The other one cannot be used now; a group has no active key for it. */
  USABLE,
  /** The other one's group has members that it is not for, and somebody minds. */
  FEWER_READERS,
  /** The other one's group has more members. */
  SMALLER_GROUP,
  /** The other one's algorithm is weaker. */
  STRONGER_ALGORITHM,
  /** The other one's originator-usage period is longer. */
  SHORTER_PERIOD,
  /** The other one's id is higher, which says nothing but makes the choice the same everywhere. */
  LOWER_ID
}
