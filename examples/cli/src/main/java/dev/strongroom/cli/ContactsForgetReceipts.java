// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Drops the receipts of an element that is lost. */
@Command(
    name = "forget-receipts",
    description =
        "Drops the receipts that a volume keeps for an element that is lost: where a volume says"
            + " that it has too many. If the element is not lost, it can receive those files once"
            + " more.")
final class ContactsForgetReceipts implements Callable<Integer> {

  private static final int SERIAL_LENGTH = 16;

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "NUMBER",
      description = "The serial number of the lost element.")
  private String serialNumber = "";

  ContactsForgetReceipts(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    Bytes element = parse(serialNumber);
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      open.files().contacts().forgetReceipts(element);
      settings.say(volume + ": keeps no receipts of element " + element);
    }
    return ExitCode.OK.code();
  }

  private static Bytes parse(String typed) throws IOException {
    try {
      Bytes element = Bytes.parse(typed.strip().toLowerCase(Locale.ROOT));
      if (element.length() == SERIAL_LENGTH) {
        return element;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw CommandException.usage(
        Text.printable(typed) + ": is no serial number; one has 32 hexadecimal digits");
  }
}
