// SPDX-License-Identifier: Apache-2.0

/**
 * The service provider interface through which elements are reached.
 *
 * <p>A {@link dev.strongroom.core.transport.Transport} moves APDUs and knows nothing about them. It
 * is found by the scheme of an {@link dev.strongroom.core.transport.ElementUri}: each jar that
 * brings a transport provides a {@link dev.strongroom.core.transport.TransportProvider}, by {@code
 * provides} in its module descriptor and by a file under {@code META-INF/services}, so that module
 * path and class path work alike.
 *
 * <p>Everything of ISO/IEC 7816-4 that a raw link does not do (command chaining, GET RESPONSE,
 * logical channels, secure messaging, repeating what may be repeated) is done above it, once for
 * all transports, by {@link dev.strongroom.core.device.SecureElement}.
 *
 * <p>Errors are {@link dev.strongroom.core.transport.TransportException}s: the element was not
 * reached, or its answer was not. A status word is no such error.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.core.transport;

import org.jspecify.annotations.NullMarked;
