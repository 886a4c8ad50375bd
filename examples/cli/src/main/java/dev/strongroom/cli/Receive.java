// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.identity.Fingerprint;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.ReceivedFile;
import dev.strongroom.file.share.TransientContent;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Receives a transient file. */
@Command(
    name = "receive",
    description =
        "Receives a file that a contact has sent to this element. All of it is verified before it"
            + " gets its name. An element receives a file once.")
final class Receive implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "The transient file, on the host.")
  private Path file = Path.of("");

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "PATH",
      description = "Its new path, or a directory; by default the root directory.")
  private String path = "/";

  @Option(names = "--force", description = "Replace a file that has the name.")
  private boolean force;

  @Option(names = "--expired", description = "Receive it though its time has passed.")
  private boolean expired;

  @Option(
      names = "--fingerprint",
      paramLabel = "TEXT",
      description =
          "Believe a sender who is no contact, for this file: the fingerprint, as digits or words,"
              + " that the sender has told. Needs PATH.")
  private @Nullable String sender;

  Receive(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath named = VolumePath.parse(path);
    ReceiveOptions options = options();
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      SecureFileSystem files = open.files();
      VolumePath target = named;
      if (named.isRoot()
          || Kinds.followed(files, named).orElse(FileType.FILE) == FileType.DIRECTORY) {
        target = named.child(name(files));
      }
      ReceivedFile received = receive(files, target, options);
      settings.say(
          Text.printable(received.path())
              + ": received from "
              + Text.printable(received.senderName().orElse("the element that was confirmed"))
              + ", "
              + Sizes.text(received.content().size()));
    }
    return ExitCode.OK.code();
  }

  private ReceivedFile receive(SecureFileSystem files, VolumePath target, ReceiveOptions options)
      throws IOException {
    try {
      return SentFile.reading(file, () -> files.receive(file, target.text(), options));
    } catch (FileAlreadyExistsException e) {
      throw force ? e : Kinds.replaceable(target.toString());
    }
  }

  /** The name in the file; where it is not to be seen, receiving says why. */
  private String name(SecureFileSystem files) throws IOException {
    if (sender != null) {
      throw CommandException.usage(
          path
              + ": is a directory; name the file, since the name of what a sender who is no contact"
              + " has sent is not seen before");
    }
    Optional<TransientContent> content =
        SentFile.reading(file, () -> files.inspect(file)).content();
    return content.map(TransientContent::name).orElse("received");
  }

  private ReceiveOptions options() throws IOException {
    ReceiveOptions options = ReceiveOptions.defaults();
    if (force) {
      options = options.replaceExisting();
    }
    if (expired) {
      options = options.evenIfExpired();
    }
    if (sender != null) {
      try {
        options = options.confirmSender(Fingerprint.parse(sender).toString());
      } catch (IllegalArgumentException e) {
        throw CommandException.usage("--fingerprint: " + e.getMessage());
      }
    }
    return options;
  }
}
