// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * What an element is to a volume.
 *
 * <p>Thread safety: immutable.
 */
public enum ElementRole {
  /** The one that the volume was made with. */
  FIRST,
  /** Another one that derives the same keys. */
  TWIN,
  /** One with other keys, for which the keys of all files are wrapped: it reads. */
  RECOVERY
}
