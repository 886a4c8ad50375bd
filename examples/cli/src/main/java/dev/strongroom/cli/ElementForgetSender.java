// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.Role;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a sender from an element's receive register. */
@Command(
    name = "forget-sender",
    description = {
      "Makes room in an element's receive register: a sender is forgotten, and what it sent before"
          + " can be received again, once.",
      "PIN: the administrator's, by --pin-file, STRONGROOM_ADMIN_PIN, or typed."
    })
final class ElementForgetSender implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  @Parameters(
      index = "1",
      paramLabel = "SENDER",
      description = "The sender, as \"element register\" shows it: 32 hexadecimal digits.")
  private String sender = "";

  ElementForgetSender(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    Bytes forgotten = parse(sender);
    ElementAccess.with(
        settings,
        uri,
        element -> {
          element.info(); // before a PIN is asked for
          try (Pins pins = Pins.of(settings, uri);
              SecretBytes administrator = pins.current(Role.ADMINISTRATOR)) {
            element.forgetSender(administrator, forgotten);
          }
          settings.say(
              uri
                  + ": forgot sender "
                  + forgotten
                  + "; what it has sent before can be received again");
        });
    return ExitCode.OK.code();
  }

  private static Bytes parse(String typed) throws IOException {
    try {
      return ReceiveId.requireSender(Bytes.parse(typed.strip().toLowerCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          Text.printable(typed)
              + ": is no sender; one has 32 hexadecimal digits, and \"strongroom element register\""
              + " shows them");
    }
  }
}
