// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.Closeable;
import java.io.IOException;

/**
 * A simulated element in memory, with a session.
 *
 * <p>Thread safety: immutable.
 */
final class Strongroom implements Closeable {

  private final SecureElement element;
  private final ElementSession session;

  private Strongroom(SecureElement element, ElementSession session) {
    this.element = element;
    this.session = session;
  }

  /** Makes the element and logs in. */
  static Strongroom login() throws IOException {
    SecureElement element =
        SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("benchmark".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      return new Strongroom(element, element.login(user));
    }
  }

  ElementSession session() {
    return session;
  }

  @Override
  public void close() throws IOException {
    try (element) {
      session.close();
    }
  }
}
