// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * Why the element does not vouch for the ledger of a volume.
 *
 * <p>Thread safety: immutable.
 */
public enum LedgerState {
  /** The element vouches for a ledger that the volume does not have. */
  LOST(
      LedgerRepair.REBUILD,
      "the ledger is missing: an old copy from before the first freeze, or the file was deleted"),
  /**
   * The ledger is older than the element's: an old copy, a restored backup, or that of another
   * element that vouches for the volume since.
   */
  OLDER(
      LedgerRepair.ACCEPT,
      "the ledger is older than the element's: an old copy of the volume, a restored backup, or"
          + " another element of the volume vouches for it since"),
  /**
   * The ledger is about as old as the element's, and another one: another element of the volume
   * vouches for it since, or two copies of the volume have been changed.
   */
  FOREIGN(
      LedgerRepair.ACCEPT,
      "the ledger is not the element's: another element of the volume vouches for it since, or two"
          + " copies of the volume have been changed"),
  /**
   * The ledger is newer than any step that was prepared: another element of the volume has frozen
   * since, or the element is an old copy of itself.
   */
  AHEAD(
      LedgerRepair.ACCEPT,
      "the ledger is newer than the element's: another element of the volume has frozen since, or"
          + " the element was restored from an old copy"),
  /** This element has never vouched for the volume, or was made to forget it. */
  UNKNOWN_ELEMENT(
      LedgerRepair.ADOPT, "this element does not vouch for the volume, another one has done so"),
  /** The ledger cannot be read. */
  DAMAGED(LedgerRepair.REBUILD, "the ledger is damaged"),
  /** The ledger is as it should be, and was made beside a newer volume file. */
  VOLUME_FILE_OLDER(
      LedgerRepair.ACCEPT,
      "the volume file is older than the ledger says: an old copy of strongroom.volume alone"),
  /** The ledger is as it should be, and was made beside another volume file of the same age. */
  VOLUME_FILE_FOREIGN(
      LedgerRepair.ACCEPT,
      "the volume file is not the one that the ledger names: two copies of strongroom.volume have"
          + " been changed");

  private final LedgerRepair repair;
  private final String text;

  LedgerState(LedgerRepair repair, String text) {
    this.repair = repair;
    this.text = text;
  }

  /**
   * What an administrator can do about it.
   *
   * @return the way out
   */
  public LedgerRepair repair() {
    return repair;
  }

  /** What messages say. */
  String text() {
    return text;
  }
}
