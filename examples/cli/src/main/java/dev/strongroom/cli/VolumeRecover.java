// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.identity.Fingerprint;
import dev.strongroom.file.ElementAddress;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.RecoveryReport;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies a volume whose element is lost into a new one. */
@Command(
    name = "recover",
    description =
        "Copies all of a volume whose element is lost into a new volume of its recovery element, or"
            + " of a twin; needs --element URI. Nothing vouches for its being the newest state. For"
            + " the recovery element a person says first that the volume is of the lost element,"
            + " since anybody could have made one that names it.")
final class VolumeRecover implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "TARGET", description = "The directory of the new volume.")
  private Path target = Path.of("");

  @Option(
      names = "--made-by",
      paramLabel = "WORDS|CARD",
      description =
          "The fingerprint of the lost element, as digits or words, or a file with its card:"
              + " another element's volume is refused.")
  private @Nullable String maker;

  @Option(names = "--yes", description = "Do not ask whose volume it is.")
  private boolean agreed;

  VolumeRecover(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumeInfo info = OpenVolume.info(volume); // before a PIN is asked for
    OpenVolume.requireFree(target);
    Optional<Fingerprint> named = named();
    Report report = settings.report();
    try (Login login = Login.named(settings, "volume recover", "the recovery element")) {
      VolumeOptions options =
          VolumeOptions.builder()
              .elementUri(ElementAddress.remembered(login.uri(), target))
              .build();
      Optional<Fingerprint> madeBy = named.isPresent() ? named : confirmed(info, login.session());
      RecoveryReport copied =
          madeBy.isPresent()
              ? SecureFileSystem.recover(login.session(), volume, target, options, madeBy.get())
              : SecureFileSystem.recover(login.session(), volume, target, options);
      for (RecoveryReport.Problem problem : copied.problems()) {
        report.problem(
            ExitCode.INTEGRITY, Text.printable(problem.path() + ": " + problem.message()));
      }
      settings.say(
          target
              + ": "
              + Sizes.files(copied.files())
              + ", "
              + Sizes.counted(copied.links(), "link")
              + ", "
              + Sizes.text(copied.bytes())
              + " recovered from "
              + volume);
      return copied.isComplete() ? ExitCode.OK.code() : ExitCode.PARTLY.code();
    }
  }

  /** The fingerprint of the option. */
  private Optional<Fingerprint> named() throws IOException {
    if (maker == null) {
      return Optional.empty();
    }
    Path card = hostFile(maker);
    return Optional.of(
        card == null
            ? CardConfirmation.told("--made-by", maker)
            : CardFile.fingerprint(CardFile.read(card)));
  }

  private static @Nullable Path hostFile(String typed) {
    try {
      Path file = Path.of(typed);
      return Files.isRegularFile(file) ? file : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** Whose volume it is, as a person has seen it; empty where the keys alone tell. */
  private Optional<Fingerprint> confirmed(VolumeInfo info, ElementSession session)
      throws IOException {
    boolean recovers =
        info.element(session.info().serialNumber())
            .filter(element -> element.role() == ElementRole.RECOVERY)
            .isPresent();
    if (!recovers || agreed || info.madeBy().isEmpty()) {
      return Optional.empty();
    }
    Fingerprint found = info.madeBy().get();
    Console console = settings.console();
    PinPrompt prompt = console.prompt();
    if (prompt == null) {
      throw CommandException.usage(
          volume
              + ": says that it is of the element with the fingerprint "
              + found
              + ", and there is no terminal to ask whether that is right; give --made-by with the"
              + " lost element's words or card, or --yes");
    }
    console.err().println("made by          " + info.elementSerialNumber());
    CardFile.describe(found).forEach(console.err()::println);
    if (!prompt.agrees("Is this the fingerprint of the element that is lost?")) {
      throw CommandException.usage(volume + ": not confirmed; nothing was read");
    }
    return info.madeBy();
  }
}
