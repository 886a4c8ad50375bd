// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Role;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sets a new user PIN under the administrator's. */
@Command(
    name = "unblock",
    description = {
      "Sets a new user PIN by the administrator PIN, also when the user PIN is blocked.",
      "PINs: --pin-file (administrator, then the new user PIN), STRONGROOM_ADMIN_PIN and"
          + " STRONGROOM_NEW_PIN, or typed."
    })
final class ElementUnblock implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  ElementUnblock(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    ElementAccess.with(
        settings,
        uri,
        element -> {
          element.info(); // before a PIN is asked for
          try (Pins pins = Pins.of(settings, uri);
              SecretBytes administrator = pins.current(Role.ADMINISTRATOR);
              SecretBytes chosen = pins.chosen(Role.USER, Pins.NEW_VARIABLE)) {
            element.unblock(administrator, chosen);
          }
          settings.say(uri + ": set a new user PIN with all its tries");
        });
    return ExitCode.OK.code();
  }
}
