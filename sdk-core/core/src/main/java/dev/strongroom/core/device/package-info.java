// SPDX-License-Identifier: Apache-2.0

/**
 * The device abstraction: a {@link dev.strongroom.core.device.SecureElement} is reached by a URI, a
 * {@link dev.strongroom.core.device.ElementSession} is one authenticated conversation with it.
 *
 * <p>Two factors open an element: having it, and knowing its PIN. {@link
 * dev.strongroom.core.device.ElementCommands} is its command set as specified in {@code
 * docs/spec/element-protocol.md}; a transport in the same process may answer it directly, every
 * other transport answers it by APDUs.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.core.device;

import org.jspecify.annotations.NullMarked;
