// SPDX-License-Identifier: Apache-2.0

/**
 * Format v1: one class for each structure on disk, as specified in docs/spec/secure-file-format.md.
 */
@NullMarked
package dev.strongroom.file.internal.format.v1;

import org.jspecify.annotations.NullMarked;
