// SPDX-License-Identifier: Apache-2.0

/**
 * The secure channel between a host and an element: opened by SCP11b (GlobalPlatform GPC_SPE_093),
 * spoken in the secure messaging of SCP03 (GPC_SPE_014); section 5 of {@code
 * docs/spec/element-protocol.md}, both sides.
 *
 * <p>A host reads the {@link dev.strongroom.core.channel.ChannelCertificate}, sends what {@link
 * dev.strongroom.core.channel.Scp11b} makes, and gets a {@link
 * dev.strongroom.core.channel.ScpSession} that protects its commands and opens the answers. Nothing
 * here does I/O.
 *
 * <p>What comes from outside is answered with an {@link java.lang.IllegalArgumentException} that
 * says where, if it is malformed, and with a {@link java.security.SignatureException} if a
 * signature, a receipt, a MAC or the padding under it is wrong. The layer that received the bytes
 * turns both into its own error.
 */
@NullMarked
package dev.strongroom.core.channel;

import org.jspecify.annotations.NullMarked;
