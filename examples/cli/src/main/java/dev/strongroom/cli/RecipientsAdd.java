// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.share.TransientInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Adds recipients to a transient file. */
@Command(
    name = "add",
    description =
        "Adds recipients to a transient file; its content stays as it is, its list is signed"
            + " anew.")
final class RecipientsAdd implements Callable<Integer> {

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

  RecipientsAdd(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      TransientInfo info = open.files().addRecipients(file, names);
      settings.say(file + ": " + Sizes.counted(info.recipients().size(), "recipient"));
    }
    return ExitCode.OK.code();
  }
}
