// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.ElementIdentity;

/**
 * The element of a user: what orders are made for and signatures are verified with.
 *
 * <p>Thread safety: immutable.
 *
 * @param serialNumber {@value #SERIAL_LENGTH} bytes
 * @param signingKey public key on P-256, SEC 1, uncompressed, 65 bytes
 * @param agreementKey public key on P-256, SEC 1, uncompressed, 65 bytes
 */
public record UserElement(Bytes serialNumber, Bytes signingKey, Bytes agreementKey) {

  /** Length of a serial number in bytes. */
  public static final int SERIAL_LENGTH = 16;

  /**
   * Checks the lengths.
   *
   * @param serialNumber as above
   * @param signingKey as above
   * @param agreementKey as above
   */
  public UserElement {
    if (serialNumber.length() != SERIAL_LENGTH
        || signingKey.length() != P256.PUBLIC_KEY_LENGTH
        || agreementKey.length() != P256.PUBLIC_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "an element has a serial number of 16 bytes and two points of 65");
    }
  }

  /**
   * The element of an identity.
   *
   * @param identity whose certificates were verified
   * @return the element
   */
  public static UserElement of(ElementIdentity identity) {
    return new UserElement(identity.serialNumber(), identity.signingKey(), identity.agreementKey());
  }
}
