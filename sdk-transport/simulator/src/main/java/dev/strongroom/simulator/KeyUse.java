// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.simulator.keystore.KeyEntry;
import dev.strongroom.simulator.keystore.KeyTable;

/**
 * What is done with a key that may be used for it. It takes what it needs of the value first, and
 * throws {@link IllegalStateException} if the records have changed.
 *
 * <p>Thread safety: called without a lock.
 *
 * @param <R> what comes of it
 */
@FunctionalInterface
interface KeyUse<R> {
  R with(KeyTable table, KeyEntry key) throws StrongroomException;
}
