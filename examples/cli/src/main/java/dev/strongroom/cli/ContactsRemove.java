// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a contact. */
@Command(
    name = "remove",
    description =
        "Removes a contact: nothing is sent to it or received from it any more. What was sent to it"
            + " before, it can still receive.")
final class ContactsRemove implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "NAME", description = "The contact.")
  private String name = "";

  ContactsRemove(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      open.files().contacts().remove(name);
      settings.say(Text.printable(name) + ": is no contact any more");
    }
    return ExitCode.OK.code();
  }
}
