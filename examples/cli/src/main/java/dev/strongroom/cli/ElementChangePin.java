// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Role;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replaces a PIN by its holder. */
@Command(
    name = "change-pin",
    description = {
      "Replaces the user PIN, or with --admin the administrator PIN.",
      "PINs: --pin-file (the old one, then the new one), STRONGROOM_PIN (or STRONGROOM_ADMIN_PIN)"
          + " and STRONGROOM_NEW_PIN, or typed."
    })
final class ElementChangePin implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  @Option(names = "--admin", description = "Change the administrator PIN.")
  private boolean administrator;

  ElementChangePin(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    Role role = administrator ? Role.ADMINISTRATOR : Role.USER;
    ElementAccess.with(
        settings,
        uri,
        element -> {
          element.info(); // before a PIN is asked for
          try (Pins pins = Pins.of(settings, uri);
              SecretBytes old = pins.current(role);
              SecretBytes chosen = pins.chosen(role, Pins.NEW_VARIABLE)) {
            element.changePin(role, old, chosen);
          }
          settings.say(uri + ": changed the " + role + " PIN");
        });
    return ExitCode.OK.code();
  }
}
