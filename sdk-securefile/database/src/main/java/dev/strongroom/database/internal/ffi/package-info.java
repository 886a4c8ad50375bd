// SPDX-License-Identifier: Apache-2.0

/**
 * The way from Java to memory and functions of a native library, and back.
 *
 * <p>Everything native is a {@code long}: an address in the process, 0 for none.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.database.internal.ffi;
