// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;

/**
 * What a command does with the state while the state key is in use.
 *
 * <p>Thread safety: called under the lock of {@link ElementApplication}.
 *
 * @param <R> its answer
 */
@FunctionalInterface
interface StateCommand<R> {
  R on(OpenState state) throws StrongroomException;
}
