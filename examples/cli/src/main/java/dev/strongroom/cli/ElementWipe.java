// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.Role;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an element blank. */
@Command(
    name = "wipe",
    description = {
      "Makes an element blank: its keys are gone, and with them every file that they protect. There"
          + " is no way back.",
      "PIN: the administrator's, by --pin-file, STRONGROOM_ADMIN_PIN, or typed; none when both PINs"
          + " are blocked."
    })
final class ElementWipe implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  @Option(
      names = "--serial",
      paramLabel = "NUMBER",
      required = true,
      description = "Its serial number, as \"element info\" shows it: so that it is this one.")
  private String serialNumber = "";

  ElementWipe(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    ElementAccess.with(
        settings,
        uri,
        element -> {
          String found = element.info().serialNumber().toString();
          if (!found.equals(serialNumber.strip().toLowerCase(Locale.ROOT))) {
            throw CommandException.usage(
                uri
                    + ": has the serial number "
                    + found
                    + ", not the one given; nothing was wiped");
          }
          ElementStatus status = element.status();
          if (status.initialized()
              && status.userTriesLeft() == 0
              && status.administratorTriesLeft() == 0) {
            element.wipeBlocked();
          } else {
            try (Pins pins = Pins.of(settings, uri);
                SecretBytes administrator = pins.current(Role.ADMINISTRATOR)) {
              element.wipe(administrator);
            }
          }
          settings.say(uri + ": element " + found + " is blank now");
        });
    return ExitCode.OK.code();
  }
}
