// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.ChannelKeyPair;
import java.util.Arrays;

/**
 * What the element shows of itself when a secure channel is opened.
 *
 * <p>Thread safety: immutable.
 *
 * @param serialNumber 16 bytes
 * @param key the secure channel key
 */
record ChannelIdentity(Bytes serialNumber, ChannelKeyPair key) {

  static ChannelIdentity of(Bytes serialNumber, DeviceKey key) {
    return of(serialNumber, key.privateKey().toByteArray());
  }

  /**
   * Out of the device section.
   *
   * @throws IllegalArgumentException if there is no key on P-256 in it
   */
  static ChannelIdentity of(ElementImage image) {
    byte[] device = image.device().toByteArray();
    byte[] key = Arrays.copyOfRange(device, ElementImage.FILE_ROOT_LENGTH, device.length);
    Arrays.fill(device, (byte) 0);
    return of(image.serialNumber(), key);
  }

  ChannelCertificate certificate() {
    return new ChannelCertificate(serialNumber, key.publicKey());
  }

  /** The certificate as it goes over the wire. */
  Bytes signedCertificate() {
    return ChannelCertificate.sign(serialNumber, key);
  }

  private static ChannelIdentity of(Bytes serialNumber, byte[] pkcs8) {
    try (SecretBytes key = SecretBytes.adopt(pkcs8)) {
      return new ChannelIdentity(serialNumber, ChannelKeyPair.parse(key));
    }
  }
}
