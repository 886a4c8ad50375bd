// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientInfo;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a transient file. */
@Command(
    name = "send",
    description =
        "Writes a file for the elements of contacts: only they can receive it, once each. How it"
            + " gets to them does not matter.")
final class Send implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The file in the volume.")
  private String path = "";

  @Option(
      names = "--to",
      paramLabel = "NAME",
      required = true,
      arity = "1..*",
      description = "Contacts; may be given several times.")
  private List<String> to = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The transient file, on the host.")
  private Path out = Path.of("");

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description =
          "Ask receivers not to take it later: 7d, 12h, 2030-12-31 or 2030-12-31T12:00:00Z.")
  private @Nullable String expires;

  @Option(
      names = "--suite",
      paramLabel = "SUITE",
      description =
          "The HPKE suite for all: ${COMPLETION-CANDIDATES}; by default the strongest of each"
              + " card.")
  private @Nullable HpkeSuite suite;

  @Option(
      names = "--weaker",
      description = "Take recipients whose cards offer only a weaker suite than those of others.")
  private boolean weaker;

  @Option(names = "--no-attributes", description = "Leave the user attributes out.")
  private boolean bare;

  @Option(names = "--force", description = "Replace a file that is there.")
  private boolean force;

  Send(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath source = VolumePath.parse(path);
    SendOptions options = options();
    Path folder = out.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      Kinds.requireFile(open.files(), source);
      TransientInfo sent = send(open.files(), source, options);
      settings.say(
          out
              + ": "
              + source
              + " for "
              + Sizes.counted(sent.recipients().size(), "recipient")
              + ", "
              + Sizes.text(sent.length()));
    }
    return ExitCode.OK.code();
  }

  private TransientInfo send(SecureFileSystem files, VolumePath source, SendOptions options)
      throws IOException {
    try {
      return files.send(source.text(), out, options);
    } catch (FileAlreadyExistsException e) {
      throw force ? e : Kinds.replaceable(out.toString());
    }
  }

  private SendOptions options() throws IOException {
    SendOptions options = SendOptions.to(to);
    if (expires != null) {
      options = options.expires(Expiry.parse(expires, Instant.now()));
    }
    if (suite != null) {
      options = options.suite(suite);
    }
    if (weaker) {
      options = options.allowWeakerSuites();
    }
    if (bare) {
      options = options.withoutUserAttributes();
    }
    return force ? options.replaceExisting() : options;
  }
}
