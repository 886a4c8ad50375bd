// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.TransientInfo;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes recipients from a transient file. */
@Command(
    name = "remove",
    description =
        "Removes recipients from a transient file. This stops those who get the file from now on;"
            + " whoever has it already, or a copy, can receive that.")
final class RecipientsRemove implements Callable<Integer> {

  private final Settings settings;

  @Mixin private RecipientNames recipients = new RecipientNames();

  RecipientsRemove(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    Optional<Bytes> expected = recipients.expected();
    RecipientOptions options = RecipientOptions.of(recipients.names());
    if (expected.isPresent()) {
      options = options.expect(expected.get());
    }
    try (OpenVolume open = OpenVolume.forWriting(settings, recipients.volume())) {
      RecipientOptions chosen = options;
      TransientInfo info =
          SentFile.reading(
              recipients.file(), () -> open.files().removeRecipients(recipients.file(), chosen));
      settings.say(recipients.file() + ": " + Sizes.counted(info.recipients().size(), "recipient"));
    }
    return ExitCode.OK.code();
  }
}
