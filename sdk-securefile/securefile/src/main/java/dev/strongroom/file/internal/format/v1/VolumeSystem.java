// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.Freshness;

/**
 * What a volume file says of the volume's own files, from the volume's making on.
 *
 * @param freshness what is bound to the ledger
 * @param ledger UID of the ledger, 16 bytes
 * @param contacts UID of the contacts, 16 bytes
 * @param ledgerMade whether there is a ledger, or has been one
 *     <p>Thread safety: immutable.
 */
public record VolumeSystem(Freshness freshness, Bytes ledger, Bytes contacts, boolean ledgerMade) {

  /**
   * The system files of a new volume, which has a ledger from the beginning if it is strict.
   *
   * @param freshness as above
   * @param ledger as above
   * @param contacts as above
   * @return the same with whether there will be a ledger
   */
  public static VolumeSystem create(Freshness freshness, Bytes ledger, Bytes contacts) {
    return new VolumeSystem(freshness, ledger, contacts, freshness == Freshness.STRICT);
  }

  /**
   * The UID of a system file.
   *
   * @param file which one
   * @return 16 bytes
   */
  public Bytes uid(SystemFile file) {
    return file == SystemFile.LEDGER ? ledger : contacts;
  }
}
