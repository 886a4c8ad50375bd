// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.file.ElementAddress;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.WrongElementException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An element that a user is logged in to, after it was found to be the right one.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Login implements AutoCloseable {

  private final String uri;
  private final SecureElement element;
  private final ElementSession session;
  private final Pins pins;

  private Login(String uri, SecureElement element, ElementSession session, Pins pins) {
    this.uri = uri;
    this.element = element;
    this.session = session;
    this.pins = pins;
  }

  /** The element of an option, which no volume expects. */
  static Login to(Settings settings, String uri) throws IOException {
    return open(settings, uri, null, Path.of(""));
  }

  /** The element of the option, which a command cannot do without. */
  static Login named(Settings settings, String command, String what) throws IOException {
    String uri = settings.elementUri();
    if (uri == null) {
      throw CommandException.usage(command + ": --element URI is missing; it names " + what);
    }
    return to(settings, uri);
  }

  /** Another element, with its own PIN from the same sources. */
  Login twin(Settings settings, String uri) throws IOException {
    try {
      return twinAt(settings, uri);
    } catch (ElementNotFoundException e) {
      throw noTwin(String.valueOf(e.getMessage()));
    } catch (LocatedException e) {
      throw e.problem() instanceof ElementNotInitializedException
          ? noTwin(String.valueOf(e.getMessage()))
          : e;
    }
  }

  private static CommandException noTwin(String said) {
    return new CommandException(
        ExitCode.NAME,
        said + "; name a twin, which a Java program has made of the volume's element");
  }

  private Login twinAt(Settings settings, String uri) throws IOException {
    SecureElement other = ElementAccess.open(uri);
    try {
      ElementAccess.meet(settings, other);
      try (SecretBytes pin = pins.twin(uri)) {
        return new Login(uri, other, other.login(pin), pins);
      }
    } catch (StrongroomException e) {
      other.close();
      throw ElementAccess.located(uri, e);
    } catch (IOException | RuntimeException e) {
      other.close();
      throw e;
    }
  }

  /** The element that a volume remembers, or that of the option. */
  static Login forVolume(Settings settings, Path directory) throws IOException {
    return forVolume(settings, directory, directory);
  }

  /** The same for a volume that remembers its element from where it shall be. */
  static Login forVolume(Settings settings, Path directory, Path place) throws IOException {
    VolumeInfo info = OpenVolume.info(directory);
    String uri = settings.elementUri();
    if (uri == null) {
      if (info.elementUri().isEmpty()) {
        throw CommandException.usage(
            directory + ": the volume does not remember where its element is; give --element URI");
      }
      uri = ElementAddress.resolved(info.elementUri(), place);
    }
    return open(settings, uri, info, directory);
  }

  /** Whether a volume is one of this element. */
  boolean fits(VolumeInfo info, Path directory) throws StrongroomException {
    try {
      info.requireElement(directory.toString(), element);
      return true;
    } catch (WrongElementException e) {
      return false;
    }
  }

  /** The element of a second volume, with its own PIN from the same sources. */
  Login beside(Settings settings, VolumeInfo info, Path directory) throws IOException {
    if (info.elementUri().isEmpty()) {
      throw CommandException.usage(
          directory
              + ": the volume does not remember where its element is; open it once with"
              + " --element URI");
    }
    return twinAt(settings, ElementAddress.resolved(info.elementUri(), directory));
  }

  /** The element of a URI that a volume is to be opened with. */
  static Login forVolumeAt(Settings settings, Path directory, String uri) throws IOException {
    return open(settings, uri, OpenVolume.info(directory), directory);
  }

  private static Login open(
      Settings settings, String uri, @Nullable VolumeInfo expected, Path volume)
      throws IOException {
    SecureElement element = ElementAccess.open(uri);
    Pins pins = null;
    try {
      if (expected != null) {
        requireExpected(element, uri, expected, volume);
      }
      try {
        ElementAccess.meet(settings, element);
      } catch (StrongroomException e) {
        throw ElementAccess.located(uri, e);
      }
      pins = Pins.of(settings, uri);
      try (SecretBytes pin = pins.current(Role.USER)) {
        return new Login(uri, element, element.login(pin), pins);
      } catch (StrongroomException e) {
        throw ElementAccess.located(uri, e);
      }
    } catch (IOException | RuntimeException e) {
      if (pins != null) {
        pins.close();
      }
      element.close();
      throw e;
    }
  }

  /** Before the login: a PIN must not be tried on the wrong element. */
  private static void requireExpected(
      SecureElement element, String uri, VolumeInfo info, Path volume) throws IOException {
    ElementAccess.info(element, uri); // an element that is not there is named by its address
    info.requireElement(volume.toString(), element);
  }

  /** The element's URI. */
  String uri() {
    return uri;
  }

  ElementSession session() {
    return session;
  }

  /** A further PIN that the command needs, after the user's. */
  SecretBytes pin(Role role) throws IOException {
    return pins.current(role);
  }

  @Override
  public void close() {
    try (element;
        session) {
      pins.close();
    }
  }
}
