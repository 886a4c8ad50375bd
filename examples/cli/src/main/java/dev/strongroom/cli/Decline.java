// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives up a transient file. */
@Command(
    name = "decline",
    description =
        "Gives up a file that was sent to this element: it counts as received, and the place that"
            + " it may have taken among what has begun is free. Of a file that is lost, the id is"
            + " given; \"element register\" shows it.")
final class Decline implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The transient file, on the host; it stays as it is.")
  private @Nullable Path file;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The id of a file that has begun, instead of FILE.")
  private @Nullable String id;

  Decline(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    Path named = file;
    String typed = id;
    if (named != null && typed == null) {
      try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
        SentFile.reading(
            named,
            () -> {
              open.files().decline(named);
              return named;
            });
        settings.say(named + ": given up; this element cannot receive it any more");
      }
      return ExitCode.OK.code();
    }
    if (named != null || typed == null) {
      throw CommandException.usage("decline: give either FILE or --id ID");
    }
    Bytes wanted = RecipientNames.transientId("--id", typed);
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      open.files().decline(pending(open.files(), wanted));
      settings.say(wanted + ": given up; this element cannot receive it any more");
    }
    return ExitCode.OK.code();
  }

  private static ReceiveId pending(SecureFileSystem files, Bytes id) throws IOException {
    return files.receiveRegister().stream()
        .flatMap(sender -> sender.pending().stream())
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.NAME,
                    id
                        + ": nothing with this id has begun; \"strongroom element register\" lists"
                        + " what has"));
  }
}
