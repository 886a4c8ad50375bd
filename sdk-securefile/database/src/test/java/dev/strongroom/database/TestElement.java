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

  private final SecureElement element;

  private TestElement(SecureElement element) {
    this.element = element;
  }

  public static TestElement create() throws StrongroomException {
    return initialized(
        SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap())));
  }

  /** An element that other processes can use later. */
  static TestElement inFile(Path file) throws StrongroomException {
    boolean made = Files.exists(file);
    SecureElement element =
        SecureElement.open(SimulatedElement.open(file, SimulatedElementOptions.cheap()));
    return made ? new TestElement(element) : initialized(element);
  }

  private static TestElement initialized(SecureElement made) throws StrongroomException {
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      made.initialize(user, administrator);
    }
    return new TestElement(made);
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
