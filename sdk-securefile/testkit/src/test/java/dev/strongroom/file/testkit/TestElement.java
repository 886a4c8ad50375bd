// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.nio.file.Path;

/** A simulated element in memory whose PINs cost next to nothing. */
final class TestElement implements AutoCloseable {

  final SimulatedElement simulated;
  private final SecureElement element;

  private TestElement(SimulatedElement simulated) {
    this.simulated = simulated;
    this.element = SecureElement.open(simulated);
  }

  static TestElement create() throws StrongroomException {
    TestElement made = new TestElement(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    initialize(made.element);
    return made;
  }

  /** An element with the master keys of another one. */
  static TestElement twinOf(TestElement other) throws StrongroomException {
    return twinOf(other.element);
  }

  /** The same of any element that is open. */
  static TestElement twinOf(SecureElement other) throws StrongroomException {
    TestElement made = new TestElement(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = userPin();
        SecretBytes administrator = administratorPin()) {
      made.element.initializeTwin(user, administrator);
      try (ElementSession giving = login(other);
          ElementSession taking = made.login()) {
        WrappedSecret keys =
            giving.exportSecret(
                administrator,
                SecretKind.MASTER_KEYS,
                taking.importChallenge(SecretKind.MASTER_KEYS),
                made.element.identity().pinned());
        taking.importSecret(administrator, other.identity().pinned(), keys);
      }
    }
    return made;
  }

  /** Makes it blank, and then an element with other keys and the same serial number. */
  void initializeAnew() throws StrongroomException {
    try (SecretBytes administrator = administratorPin()) {
      element.wipe(administrator);
    }
    initialize(element);
  }

  /** An element that other processes can use later; not initialised when it is new. */
  static SecureElement inFile(Path file) throws StrongroomException {
    return SecureElement.open(SimulatedElement.open(file, SimulatedElementOptions.cheap()));
  }

  static void initialize(SecureElement element) throws StrongroomException {
    try (SecretBytes user = userPin();
        SecretBytes administrator = administratorPin()) {
      element.initialize(user, administrator);
    }
  }

  ElementSession login() throws StrongroomException {
    return login(element);
  }

  static ElementSession login(SecureElement element) throws StrongroomException {
    try (SecretBytes pin = userPin()) {
      return element.login(pin);
    }
  }

  /** Takes it away, as one pulls a card. */
  void pull() {
    simulated.pull();
  }

  /** Puts it back. */
  void insert() {
    simulated.insert();
  }

  /** Commands that the element has taken so far. */
  long commands() {
    return simulated.commandCount();
  }

  static SecretBytes administratorPin() {
    return SecretBytes.encode("administrator".toCharArray());
  }

  private static SecretBytes userPin() {
    return SecretBytes.encode("1234".toCharArray());
  }

  @Override
  public void close() {
    element.close();
  }
}
