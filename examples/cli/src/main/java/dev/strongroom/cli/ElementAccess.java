// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.device.DeviceException;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.InProcessElement;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportProviders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reaches elements so that every error says which element it is about. */
final class ElementAccess {

  /** Something done with an element. */
  @FunctionalInterface
  interface Work {
    void on(SecureElement element) throws IOException;
  }

  /**
   * How long a card may take for an answer whose URI does not say. Generous: it may ask for its PIN
   * at the reader's own keys, and stretch the PIN before it compares it.
   */
  private static final String CARD_TIMEOUT = "timeout=60";

  private ElementAccess() {}

  static SecureElement open(String uri) throws IOException {
    // A text that is no URI is not repeated in an error: it may hold a PIN.
    ElementUri parsed = patient(ElementUri.parse(uri));
    try {
      return SecureElement.open(parsed);
    } catch (StrongroomException e) {
      throw located(uri, e);
    }
  }

  /** An element as programs outside of this process see it. */
  static Transport wire(ElementUri uri) throws IOException {
    Transport transport = TransportProviders.forScheme(uri.scheme()).open(patient(uri));
    return transport instanceof InProcessElement inProcess ? inProcess.exposed() : transport;
  }

  /** A command ends although a card never answers; what else waits in a reader has no limit. */
  static ElementUri patient(ElementUri uri) throws StrongroomException {
    if (!uri.scheme().equals("pcsc") || uri.parameters().containsKey("timeout")) {
      return uri;
    }
    String separator = uri.rest().indexOf('?') < 0 ? "?" : uri.rest().endsWith("?") ? "" : "&";
    return ElementUri.parse(uri + separator + CARD_TIMEOUT);
  }

  static ElementInfo info(SecureElement element, String uri) throws IOException {
    try {
      return element.info();
    } catch (StrongroomException e) {
      throw located(uri, e);
    }
  }

  /** Works with an element that is not in the file of known elements, or has the key in it. */
  static void with(Settings settings, String uri, Work work) throws IOException {
    try (SecureElement element = open(uri)) {
      meet(settings, element);
      work.on(element);
    } catch (StrongroomException e) {
      throw located(uri, e);
    }
  }

  /** The same with an element that comes into being by the work. */
  static void withNew(Settings settings, String uri, Work work) throws IOException {
    try (SecureElement element = open(uri)) {
      work.on(element);
      meet(settings, element);
    } catch (StrongroomException e) {
      throw located(uri, e);
    }
  }

  /** Before a PIN is sent: with {@code --known}, its key is the one that it had before. */
  static void meet(Settings settings, SecureElement element) throws IOException {
    Path file = settings.known();
    if (file == null) {
      return;
    }
    KnownElements known = KnownElements.read(file);
    Bytes serialNumber = element.info().serialNumber();
    Optional<ChannelKey> before = known.find(serialNumber);
    if (before.isPresent()) {
      element.expectChannelKey(before.get()).channelKey(); // compared at once, and before each PIN
      return;
    }
    ChannelKey key = element.channelKey();
    known.add(serialNumber, key);
    settings.note(
        file + ": added element " + serialNumber + ", channel key " + key.fingerprintText());
  }

  /** An element's own errors do not say which element it is, errors of the way to it do. */
  static IOException located(String uri, StrongroomException error) {
    return error instanceof DeviceException ? new LocatedException(uri, error) : error;
  }
}
