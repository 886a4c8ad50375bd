// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.simulator.records.TreeRoot;
import java.security.SecureRandom;

/**
 * The root of the key memory in the sealed state of an element that is open.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link ElementApplication}.
 */
final class KeyMemoryRoot implements TreeRoot {

  private final OpenState state;
  private final ElementMemory memory;
  private final SecureRandom random;

  KeyMemoryRoot(OpenState state, ElementMemory memory, SecureRandom random) {
    this.state = state;
    this.memory = memory;
    this.random = random;
  }

  @Override
  public Bytes value() {
    return state.keyMemory();
  }

  @Override
  public long generation() {
    return state.image().generation();
  }

  @Override
  public void replace(Bytes next) throws StrongroomException {
    state.setKeyMemory(next);
    state.written(memory.writeBoth(state.lasting(random)));
  }
}
