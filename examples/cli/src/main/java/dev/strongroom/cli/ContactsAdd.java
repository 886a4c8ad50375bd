// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.share.Contact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a card a contact. */
@Command(
    name = "add",
    description =
        "Makes the owner of a card a contact, after the fingerprint was compared with what the"
            + " owner tells. Another card under the same name or serial number is refused then.")
final class ContactsAdd implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "NAME", description = "What the contact shall be called.")
  private String name = "";

  @Parameters(index = "2", paramLabel = "CARD", description = "The card, a file of the host.")
  private Path file = Path.of("");

  @Mixin private CardConfirmation confirmation = new CardConfirmation();

  ContactsAdd(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    ElementCard card = CardFile.read(file);
    confirmation.require(settings, card, file);
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      Contact added = open.files().contacts().add(name, card, card.fingerprint());
      settings.say(
          Text.printable(added.name())
              + ": element "
              + card.serialNumber()
              + ", fingerprint "
              + card.fingerprint());
    }
    return ExitCode.OK.code();
  }
}
