// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.share.TransientInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes recipients from a transient file. */
@Command(
    name = "remove",
    description =
        "Removes recipients from a transient file. This stops those who get the file from now on;"
            + " whoever has it already, or a copy, can receive that.")
final class RecipientsRemove implements Callable<Integer> {

  private final Settings settings;

  @Parameters(
      index = "0",
      paramLabel = "VOLUME",
      description = "The directory of the volume that it was sent from.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "The transient file, on the host.")
  private Path file = Path.of("");

  @Parameters(index = "2..*", arity = "1..*", paramLabel = "NAME", description = "Contacts.")
  private List<String> names = List.of();

  RecipientsRemove(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      TransientInfo info = open.files().removeRecipients(file, names);
      settings.say(file + ": " + Sizes.counted(info.recipients().size(), "recipient"));
    }
    return ExitCode.OK.code();
  }
}
