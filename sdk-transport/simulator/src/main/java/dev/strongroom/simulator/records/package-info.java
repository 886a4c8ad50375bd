// SPDX-License-Identifier: Apache-2.0

/**
 * The key memory of a simulated element: records in pages that are never changed in place, and are
 * named by a root in the sealed state; {@code docs/spec/simulated-element-file.md}, section 4.
 *
 * <p>It knows neither PINs nor copies: the element gives it a key, a medium and a root to keep.
 */
@NullMarked
package dev.strongroom.simulator.records;

import org.jspecify.annotations.NullMarked;
