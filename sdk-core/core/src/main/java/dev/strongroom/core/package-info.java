// SPDX-License-Identifier: Apache-2.0

/**
 * Bytes, secrets and the root of the error tree.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.core;

import org.jspecify.annotations.NullMarked;
