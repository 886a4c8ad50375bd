// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.ElementContract;
import dev.strongroom.core.testkit.ElementProfile;
import dev.strongroom.core.transport.Transport;

/** The contract on simulated elements whose PINs cost little; subclasses choose the way to them. */
abstract class CheapElementContract extends ElementContract {

  private MemoryElementStore store = new MemoryElementStore();

  /** The way to an element, around it. */
  protected abstract Transport reach(SimulatedElement element);

  @Override
  protected Transport blankElement() {
    store = new MemoryElementStore();
    return sameElement();
  }

  @Override
  protected Transport sameElement() {
    return reach(SimulatedElement.on(store, SimulatedElementOptions.cheap()));
  }

  @Override
  protected ElementProfile profile() {
    return new ElementProfile(
        SimulatedElementOptions.DEFAULT_USER_TRIES,
        SimulatedElementOptions.DEFAULT_ADMINISTRATOR_TRIES);
  }
}
