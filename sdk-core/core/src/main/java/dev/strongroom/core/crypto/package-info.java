// SPDX-License-Identifier: Apache-2.0
/**
 * Public-key cryptography that hosts and elements share: P-256, and HPKE on it.
 *
 * <p>Public keys are 65 bytes, 04 | X | Y (SEC 1, 2.3.3); signatures 64 bytes, R | S.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.core.crypto;

import org.jspecify.annotations.NullMarked;
