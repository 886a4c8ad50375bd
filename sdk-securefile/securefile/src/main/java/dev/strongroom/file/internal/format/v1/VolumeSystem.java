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
 *     <p>Thread safety: immutable.
 */
public record VolumeSystem(Freshness freshness, Bytes ledger, Bytes contacts) {

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
