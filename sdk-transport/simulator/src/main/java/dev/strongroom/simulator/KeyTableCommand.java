// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.simulator.keystore.KeyTable;

/**
 * What a command does with the key store of the moment. One that throws {@link
 * IllegalStateException} because the records have changed has done nothing, and is called again.
 *
 * <p>Thread safety: called without a lock.
 *
 * @param <R> its answer
 */
@FunctionalInterface
interface KeyTableCommand<R> {
  R on(KeyTable table) throws StrongroomException;
}
