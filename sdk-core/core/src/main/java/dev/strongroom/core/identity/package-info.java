// SPDX-License-Identifier: Apache-2.0
/**
 * Who an element is, whom it believes, and what it gives to another one: the structures of {@code
 * docs/spec/element-protocol.md}, sections 2.7 to 2.9, for hosts and for elements.
 *
 * <p>Every structure is a value with {@code encode} and {@code parse}; {@code parse} refuses what
 * {@code encode} does not write. Checking signatures is a step of its own.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.core.identity;

import org.jspecify.annotations.NullMarked;
