// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * What an administrator can do about a ledger that the element does not vouch for; see {@link
 * LedgerException}. It is recorded in the volume, and shown by {@link VolumeInfo#ledgerRepairs()}
 * ever after.
 *
 * <p>Thread safety: immutable.
 */
public enum LedgerRepair {
  /**
   * The volume that is there counts from now on, its volume file too: a backup that was restored,
   * or a volume whose element was. What was committed to another copy of it since is void.
   */
  ACCEPT,
  /**
   * The ledger is made anew from the headers of all files, which count as they are. That a file was
   * invalidated is forgotten.
   */
  REBUILD,
  /** This element vouches for the ledger from now on, instead of another one. */
  ADOPT
}
