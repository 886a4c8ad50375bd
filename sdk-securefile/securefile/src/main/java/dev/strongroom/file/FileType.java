// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * What an entry of a directory is.
 *
 * <p>Thread safety: immutable.
 */
public enum FileType {
  /** A file with content. */
  FILE,
  /** A directory. */
  DIRECTORY,
  /** A symbolic link, whose content is its target. */
  SYMBOLIC_LINK
}
