// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Begins a new outbox. */
@Command(
    name = "renew",
    description =
        "Numbers what is sent from now on as that of a new sender: for a volume that was brought"
            + " back from a copy by other means than \"volume restore\", whose files recipients"
            + " would otherwise refuse as received before. The recipients of what was sent until"
            + " now can no longer be changed.")
final class ContactsRenew implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  ContactsRenew(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      open.files().contacts().renewOutbox();
      settings.say(volume + ": what is sent from now on comes from a new outbox");
    }
    return ExitCode.OK.code();
  }
}
