// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.check;

import java.util.Locale;

/**
 * What a finding is about.
 *
 * <p>Thread safety: immutable.
 */
public enum FindingKind {
  /** A copy of the volume file. */
  VOLUME_FILE,
  /** An anchor of the journal, or a record in it. */
  JOURNAL,
  /** A file or directory with neither copy of its header: none of it can be read. */
  HEADER,
  /** One of the two copies of a header. */
  HEADER_COPY,
  /** The host file is that of another name, directory or volume. */
  FOREIGN_HEADER,
  /** The host file is of a format that this release does not read. */
  UNKNOWN_FORMAT,
  /** A directory names a file whose host file is not there. */
  MISSING_HOST_FILE,
  /** An inner node of a file's integrity tree, with all sectors below it. */
  TREE_NODE,
  /** A page with the entries of 120 sectors. */
  TAG_PAGE,
  /** Sectors of a file's content. */
  SECTOR,
  /** Sectors whose entries were lost with a damaged page, since written by force. */
  LOST_SECTOR,
  /** Sectors that were damaged, and of which a part has been written by force since. */
  PARTLY_PURIFIED,
  /** What the journal holds for a host file, which may be torn there. */
  COVERED_BY_JOURNAL,
  /** Bytes of a host file behind its last sector; they are never read. */
  UNCOMMITTED_TAIL,
  /** A directory whose entries cannot be read, or do not fit together. */
  CATALOGUE,
  /** A secure file that no directory names. */
  ORPHAN,
  /** A host file among those of the volume that is no secure file. */
  FOREIGN_FILE,
  /** Directories that an administrator has had rebuilt. */
  REBUILT,
  /** The ledger of a volume: what the element vouches for. */
  LEDGER,
  /** A file that is not in the state that its volume has committed last. */
  ROLLBACK,
  /** A file that was invalidated, which no copy of it survives. */
  INVALIDATED,
  /** What an administrator has done about the ledger. */
  LEDGER_REPAIRED,
  /** A file that a salvage could not write on the host, or was not asked to. */
  NOT_SALVAGED;

  /**
   * The name of the kind in reports, such as {@code tag-page}; it does not change.
   *
   * @return lower-case words with hyphens
   */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
