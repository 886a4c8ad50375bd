// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementAlreadyInitializedException;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.transport.ElementUri;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes an element: sets both PINs and has it make its master keys. */
@Command(
    name = "init",
    description = {
      "Makes a simulated element in a new file, with a user PIN (4 to 32 characters) and an"
          + " administrator PIN (8 to 32).",
      "PINs: --pin-file (user, then administrator), STRONGROOM_PIN and STRONGROOM_ADMIN_PIN, or"
          + " typed."
    })
final class ElementInit implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "URI", description = "Where it is to be, such as sim:my.element.")
  private String uri = "";

  ElementInit(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    boolean newFile = isNewFile(ElementUri.parse(uri));
    ElementAccess.Work make =
        element -> {
          if (!newFile && element.status().initialized()) { // before a PIN is asked for
            throw new ElementAlreadyInitializedException();
          }
          try (Pins pins = Pins.of(settings, uri);
              SecretBytes user = pins.chosen(Role.USER, Pins.USER_VARIABLE);
              SecretBytes administrator =
                  pins.chosen(Role.ADMINISTRATOR, Pins.ADMINISTRATOR_VARIABLE)) {
            element.initialize(user, administrator);
          }
          settings.say(uri + ": made element " + element.info().serialNumber());
        };
    if (newFile) {
      ElementAccess.withNew(settings, uri, make);
    } else {
      ElementAccess.with(settings, uri, make);
    }
    return ExitCode.OK.code();
  }

  /** Whether the element is to be made from nothing; another one is there, though perhaps blank. */
  private static boolean isNewFile(ElementUri uri) throws IOException {
    if (!uri.scheme().equals("sim")) {
      return false;
    }
    Path file = Path.of(uri.target());
    if (Files.isDirectory(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    return !Files.exists(file) || Files.size(file) == 0;
  }
}
