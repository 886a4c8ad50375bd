// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import java.util.Optional;

/**
 * One of those a transient file was sent to, as everybody can see it.
 *
 * <p>Thread safety: immutable.
 *
 * @param keyId first 8 bytes of the SHA-256 of the element's signing key | agreement key, which are
 *     the first 8 bytes of its fingerprint
 * @param suiteCode number of the HPKE suite that the file's key is wrapped under
 * @param counter number of the file among those from this outbox to this element
 */
public record Recipient(Bytes keyId, int suiteCode, long counter) {

  /**
   * The suite.
   *
   * @return the suite, or empty if this release does not know it
   */
  public Optional<HpkeSuite> suite() {
    return HpkeSuite.of(suiteCode);
  }
}
