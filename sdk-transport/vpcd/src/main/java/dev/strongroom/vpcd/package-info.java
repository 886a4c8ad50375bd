// SPDX-License-Identifier: Apache-2.0

/**
 * The way from an element to programs that know smart cards only: a {@link
 * dev.strongroom.vpcd.VirtualCard} puts any {@link dev.strongroom.core.transport.Transport} into a
 * virtual reader of the operating system's PC/SC service.
 *
 * <p>The reader is vpcd of the vsmartcard project (<a
 * href="https://frankmorgner.github.io/vsmartcard/virtualsmartcard/api.html">its protocol</a>),
 * which the package {@code vsmartcard-vpcd} brings on Debian and Ubuntu. It listens on TCP without
 * authentication: whoever reaches its port can take the place of the card, and every program that
 * may use PC/SC can talk to the card. An element shown there has left the process and insists on
 * its secure channel.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.vpcd;

import org.jspecify.annotations.NullMarked;
