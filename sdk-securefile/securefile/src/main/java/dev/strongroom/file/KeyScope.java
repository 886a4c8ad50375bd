// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import java.nio.file.OpenOption;

/**
 * For what the element derives the keys of a file's content.
 *
 * <p>Decided when a file is made, by {@link VolumeOptions#keyScope()} or by one of these as an open
 * option, and kept in its header; of no meaning for a file that is there. Directories, links and
 * the integrity tree always have keys per file.
 *
 * <p>Thread safety: immutable.
 */
public enum KeyScope implements OpenOption {

  /** One key for all of the content; comes with the opening, and no command is paid after that. */
  FILE,

  /**
   * A key for each crypto page of 8 sectors: a process holds those of the pages in its cache, of
   * the reads and writes under way, and of at most one and a half batches of pages (96, if the
   * element answers 64 at once) ahead of a sequential reader or writer. Costs one command a run of
   * up to 64 pages that are not in the cache, and needs {@link
   * dev.strongroom.core.device.Capability#GRUB_PAGES}.
   */
  PAGE
}
