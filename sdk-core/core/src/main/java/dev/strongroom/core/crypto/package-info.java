// SPDX-License-Identifier: Apache-2.0
/**
 * Cryptography that hosts and elements share: P-256, HPKE on it, and the derivation of file keys.
 *
 * <p>Public keys are 65 bytes, 04 | X | Y (SEC 1, 2.3.3); signatures 64 bytes, R | S.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.core.crypto;

import org.jspecify.annotations.NullMarked;
