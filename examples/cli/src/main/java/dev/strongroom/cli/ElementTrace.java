// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementUri;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what goes over the wire. */
@Command(
    name = "trace",
    description = {
      "Talks to an element and shows every APDU, secrets left out: selection, description and"
          + " status, with --login also the secure channel, a login and the keys of a file.",
      "A simulated element is asked as one outside of the process would be. PIN for --login:"
          + " --pin-file, STRONGROOM_PIN, or typed."
    })
final class ElementTrace implements Callable<Integer> {

  private static final int RANDOM_BYTES = 32;

  private final Settings settings;

  @Parameters(paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  @Option(names = "--login", description = "Log in, and ask for random bytes and a file's keys.")
  private boolean login;

  ElementTrace(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    ElementUri parsed = ElementUri.parse(uri);
    try (SecureElement element = open(parsed)) {
      ElementAccess.meet(settings, element);
      element.info();
      element.status();
      if (login) {
        logIn(element);
      }
    } catch (StrongroomException e) {
      throw ElementAccess.located(uri, e);
    }
    return ExitCode.OK.code();
  }

  private SecureElement open(ElementUri parsed) throws IOException {
    return SecureElement.open(
        new ApduTrace(ElementAccess.wire(parsed), settings.console().out()::println));
  }

  private void logIn(SecureElement element) throws IOException {
    try (Pins pins = Pins.of(settings, uri);
        SecretBytes pin = pins.current(Role.USER);
        ElementSession session = element.login(pin)) {
      Bytes identifier = Bytes.copyOf(session.random(RANDOM_BYTES), 0, GrubRequest.UID_LENGTH);
      session.grub(identifier, List.of(GrubRequest.create(identifier))).forEach(Grub::close);
    }
  }
}
