// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.Peer;
import java.util.Optional;

/**
 * Another element, with keys of its own, that shall be able to read a volume when the volume's
 * element is lost: the keys of every file are wrapped for it.
 *
 * <p>Whoever has it, and its PIN, reads all of the volume, so it is to be guarded as the volume's
 * own element is; and whose keys these are, the caller has made sure of.
 *
 * @param serialNumber its serial number, 16 bytes
 * @param keys its signing key and its agreement key
 * @param channelKey its channel key, to be compared before a PIN goes to it; empty when it is not
 *     known
 *     <p>Thread safety: immutable.
 */
public record RecoveryElement(
    Bytes serialNumber, Peer.Pinned keys, Optional<ChannelKey> channelKey) {

  /**
   * Checks the serial number.
   *
   * @param serialNumber as above
   * @param keys as above
   * @param channelKey as above
   */
  public RecoveryElement {
    if (serialNumber.length() != 16) {
      throw new IllegalArgumentException(
          "a serial number has 16 bytes, not " + serialNumber.length());
    }
  }

  /**
   * An element that shows its identity.
   *
   * @param identity serial number and keys
   * @param channelKey its channel key, if it is known
   * @return the recovery element
   */
  public static RecoveryElement of(ElementIdentity identity, Optional<ChannelKey> channelKey) {
    return new RecoveryElement(identity.serialNumber(), identity.pinned(), channelKey);
  }

  /**
   * An element whose card somebody has brought.
   *
   * @param card serial number and keys, signed by the element
   * @param channelKey its channel key, if it is known
   * @return the recovery element
   */
  public static RecoveryElement of(ElementCard card, Optional<ChannelKey> channelKey) {
    return new RecoveryElement(card.serialNumber(), card.pinned(), channelKey);
  }
}
