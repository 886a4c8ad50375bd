// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

/**
 * What the ledger says of a file: which state of it is the current one.
 *
 * @param version the version set by the last freeze, 0 before
 * @param stamp tells the states of one version apart, 0 before the first freeze
 * @param invalid whether no state of the file is to be used any more
 *     <p>Thread safety: immutable.
 */
public record LedgerLeaf(long version, long stamp, boolean invalid) {

  /** What the ledger says of a file that it does not name. */
  public static final LedgerLeaf NONE = new LedgerLeaf(0, 0, false);

  /**
   * Whether a header is the current one, if any is.
   *
   * @param header the file's header
   * @return whether version and stamp are equal
   */
  public boolean isOf(FileHeader header) {
    return version == header.version && stamp == header.stamp;
  }

  /**
   * The same of a file that is to be used no more.
   *
   * @return an invalid leaf
   */
  public LedgerLeaf invalidated() {
    return new LedgerLeaf(version, stamp, true);
  }
}
