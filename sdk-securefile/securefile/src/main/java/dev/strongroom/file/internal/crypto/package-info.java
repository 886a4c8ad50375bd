// SPDX-License-Identifier: Apache-2.0

/** Keys, nonces and ciphers of one secure file. */
@NullMarked
package dev.strongroom.file.internal.crypto;

import org.jspecify.annotations.NullMarked;
