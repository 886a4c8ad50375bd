// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * What of a volume can be exchanged for an older state of itself without being noticed; chosen when
 * the volume is made, and never changed.
 *
 * <p>Thread safety: immutable.
 */
public enum Freshness {
  /**
   * Copies die when {@link SecureFileSystem#freeze} says so: of a file that was never frozen every
   * committed state is accepted. A volume that has frozen nothing costs nothing.
   */
  NONE,
  /**
   * Every commit ends all earlier states of the files and directories in it: whole old files, old
   * directories, old journals and old volumes are refused. A durable commit ends with one element
   * command, which commits that wait at the same time share. The element needs version slots.
   */
  STRICT
}
