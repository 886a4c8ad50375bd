// SPDX-License-Identifier: Apache-2.0

/**
 * The engine under every face of a volume: cache, integrity tree, commits, journal, recovery,
 * catalogue.
 */
@NullMarked
package dev.strongroom.file.internal.engine;

import org.jspecify.annotations.NullMarked;
