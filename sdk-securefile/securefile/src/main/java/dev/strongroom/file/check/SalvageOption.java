// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.check;

/**
 * What a salvage copies beside all that can be read and counts.
 *
 * <p>Thread safety: immutable.
 */
public enum SalvageOption {
  /**
   * Also files that are not in the state that the ledger of the volume names: older copies of
   * frozen files, and files that were invalidated. Nothing tells their copies from those of others
   * but the report.
   */
  NOT_CURRENT
}
