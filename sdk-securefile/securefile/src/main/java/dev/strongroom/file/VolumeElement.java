// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKey;
import java.util.Optional;

/**
 * An element that a volume names as one that opens it.
 *
 * @param serialNumber its serial number, 16 bytes
 * @param role what it is to the volume
 * @param identity SHA-256 of its signing key | agreement key; empty when the volume does not know
 *     them. Its first 16 bytes are the fingerprint that people compare.
 * @param channelKey the channel key that it had at first use, for {@link
 *     dev.strongroom.core.device.SecureElement#expectChannelKey} before the login; empty when none
 *     was recorded
 *     <p>Thread safety: immutable.
 */
public record VolumeElement(
    Bytes serialNumber,
    ElementRole role,
    Optional<Bytes> identity,
    Optional<ChannelKey> channelKey) {}
