// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.share.Contact;
import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the contacts of a volume. */
@Command(
    name = "list",
    description = "Lists the contacts of a volume: name, serial number, fingerprint, since when.")
final class ContactsList implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Parameters(paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  ContactsList(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    try (OpenVolume open = OpenVolume.forReading(settings, volume)) {
      for (Contact contact : open.files().contacts().list()) {
        settings.console().out().println(json ? json(contact) : text(contact));
      }
    }
    return ExitCode.OK.code();
  }

  private static String text(Contact contact) {
    return Text.printable(contact.name())
        + "  "
        + contact.card().serialNumber()
        + "  "
        + contact.card().fingerprint()
        + "  "
        + contact.added().truncatedTo(ChronoUnit.SECONDS);
  }

  private static String json(Contact contact) {
    return Json.text(
        Map.of(
            "name",
            contact.name(),
            "serialNumber",
            contact.card().serialNumber().toString(),
            "fingerprint",
            contact.card().fingerprint(),
            "added",
            contact.added().toString()));
  }
}
