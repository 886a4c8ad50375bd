// SPDX-License-Identifier: Apache-2.0

/** Maps with primitive keys for hot paths. */
@NullMarked
package dev.strongroom.file.internal.collect;

import org.jspecify.annotations.NullMarked;
