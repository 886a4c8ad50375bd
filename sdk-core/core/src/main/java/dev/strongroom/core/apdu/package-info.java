// SPDX-License-Identifier: Apache-2.0

/**
 * The values that travel between a host and an element: command and response APDU, status word,
 * application identifier, Answer to Reset and BER-TLV data objects, as in ISO/IEC 7816-3 and
 * 7816-4.
 *
 * <p>An APDU may carry a PIN or a key, so {@link dev.strongroom.core.apdu.CommandApdu} and {@link
 * dev.strongroom.core.apdu.ResponseApdu} are closed after use, which zeroes them, and print no
 * data. Everything that parses takes bytes from outside and answers malformed ones with an {@link
 * java.lang.IllegalArgumentException} that says where; the layer that received the bytes turns it
 * into its own error.
 */
@NullMarked
package dev.strongroom.core.apdu;

import org.jspecify.annotations.NullMarked;
