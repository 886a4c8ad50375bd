// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/** A simulated element in memory whose PINs cost next to nothing. */
public final class TestElement implements AutoCloseable {

  private final SimulatedElement simulated;
  private final SecureElement element;

  private TestElement(SimulatedElement simulated) {
    this.simulated = simulated;
    element = SecureElement.open(simulated);
  }

  public static TestElement create() throws StrongroomException {
    return new TestElement(SimulatedElement.inMemory(SimulatedElementOptions.cheap()))
        .initialized();
  }

  /** An element that other processes can use later. */
  static TestElement inFile(Path file) throws StrongroomException {
    boolean made = Files.exists(file);
    TestElement element =
        new TestElement(SimulatedElement.open(file, SimulatedElementOptions.cheap()));
    return made ? element : element.initialized();
  }

  private TestElement initialized() throws StrongroomException {
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
    }
    return this;
  }

  /** Takes it away, as one pulls a card. */
  void pull() {
    simulated.pull();
  }

  /** Puts it back. */
  void insert() {
    simulated.insert();
  }

  public ElementSession login() throws StrongroomException {
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray())) {
      return element.login(user);
    }
  }

  @Override
  public void close() {
    element.close();
  }
}
