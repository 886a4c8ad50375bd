// SPDX-License-Identifier: Apache-2.0

/** Transient files: writing, changing and receiving them, and the contacts they go to. */
@NullMarked
package dev.strongroom.file.internal.share;

import org.jspecify.annotations.NullMarked;
