// SPDX-License-Identifier: Apache-2.0
/**
 * Managed keys as values: their states, what may be done with them, and the orders by which they
 * change; the structures and rules of {@code docs/spec/key-store.md}, for hosts and for elements.
 *
 * <p>{@link dev.strongroom.core.keys.KeyRules} is the one table. It is pure: what time it is, and
 * what is left of limits and leases, is passed in. Structures have {@code encode} and {@code
 * parse}; {@code parse} refuses what {@code encode} does not write. No value of a key is ever in
 * here.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.core.keys;

import org.jspecify.annotations.NullMarked;
