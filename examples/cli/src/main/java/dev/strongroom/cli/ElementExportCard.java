// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.identity.ElementCard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows and writes an element's card. */
@Command(
    name = "card",
    description = {
      "Shows the card of an element, by which others send it files, and writes it to a file. It is"
          + " no secret; who gets it compares the fingerprint with you.",
      "Needs no PIN."
    })
final class ElementExportCard implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the card to this new file, to be given to others.")
  private @Nullable Path out;

  @Option(
      names = "--qr",
      description = "Show serial number and fingerprint as a QR code too, for comparing.")
  private boolean qr;

  ElementExportCard(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    ElementAccess.with(
        settings,
        uri,
        element -> {
          ElementCard card = element.card();
          if (out != null) {
            CardFile.write(card, out);
          }
          Console console = settings.console();
          CardFile.describe(card).forEach(console.out()::println);
          if (qr) {
            QrCode code = QrCode.of(CardFile.code(card).text());
            console.out().print(console.resultsToTerminal() ? code.coloured() : code.plain());
          }
        });
    return ExitCode.OK.code();
  }
}
