// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.DeviceException;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementUri;
import java.io.IOException;

/** Reaches elements so that every error says which element it is about. */
final class ElementAccess {

  /** Something done with an element. */
  @FunctionalInterface
  interface Work {
    void on(SecureElement element) throws IOException;
  }

  private ElementAccess() {}

  static SecureElement open(String uri) throws IOException {
    // A text that is no URI is not repeated in an error: it may hold a PIN.
    ElementUri parsed = ElementUri.parse(uri);
    try {
      return SecureElement.open(parsed);
    } catch (StrongroomException e) {
      throw located(uri, e);
    }
  }

  static ElementInfo info(SecureElement element, String uri) throws IOException {
    try {
      return element.info();
    } catch (StrongroomException e) {
      throw located(uri, e);
    }
  }

  static void with(String uri, Work work) throws IOException {
    try (SecureElement element = open(uri)) {
      work.on(element);
    } catch (StrongroomException e) {
      throw located(uri, e);
    }
  }

  /** An element's own errors do not say which element it is, errors of the way to it do. */
  static IOException located(String uri, StrongroomException error) {
    return error instanceof DeviceException ? new LocatedException(uri, error) : error;
  }
}
