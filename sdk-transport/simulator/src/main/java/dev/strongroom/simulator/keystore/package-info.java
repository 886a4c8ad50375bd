// SPDX-License-Identifier: Apache-2.0

/**
 * The key store of a simulated element: what is managed, as readers and as changes see it, what is
 * counted of it, and the algorithms that use its values; {@code docs/spec/key-store.md}.
 *
 * <p>It knows neither PINs nor commands. Whoever changes something stages it in a {@link
 * dev.strongroom.simulator.keystore.StoreDraft}; whoever uses a key finds it in a {@link
 * dev.strongroom.simulator.keystore.KeyTable}, without a lock.
 */
@NullMarked
package dev.strongroom.simulator.keystore;

import org.jspecify.annotations.NullMarked;
