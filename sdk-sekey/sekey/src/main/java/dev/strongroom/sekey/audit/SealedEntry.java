// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import dev.strongroom.core.Bytes;

/**
 * An entry as it is kept: whether it is what was written, its MAC tells.
 *
 * <p>Thread safety: immutable.
 *
 * @param sequence where it is kept
 * @param entry as encoded
 * @param mac what the element made of it
 */
public record SealedEntry(long sequence, Bytes entry, Bytes mac) {}
