// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what was frozen and invalidated. */
@Command(
    name = "versions",
    description =
        "Lists files with the versions that \"freeze\" has given them; - of one that was never"
            + " frozen. Directories are shown if they have one, with a / at the end. What is not"
            + " the current copy is reported.")
final class Versions implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      description = "A file, or a directory with all below; by default all there is.")
  private String path = "/";

  Versions(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath start = VolumePath.parse(path);
    Report report = settings.report();
    try (OpenVolume open = OpenVolume.forReading(settings, volume)) {
      FileType type = Kinds.followed(open.files(), start).orElseThrow(() -> Kinds.missing(start));
      if (type == FileType.DIRECTORY) {
        tree(open.files(), start, report);
      } else {
        show(open.files(), start, report);
      }
    }
    return report.exitCode().code();
  }

  /** A directory has a version of its own where it was frozen, or leads to what was. */
  private void tree(SecureFileSystem files, VolumePath directory, Report report) {
    try {
      long version = files.version(directory.text());
      if (version != 0) {
        print(version, false, directory.isRoot() ? "/" : directory.text() + "/");
      }
    } catch (IOException e) {
      report.problem(e);
      return;
    }
    List<DirectoryEntry> entries;
    try {
      entries = files.list(directory.text());
    } catch (IOException e) {
      report.problem(e);
      return;
    }
    entries.stream()
        .sorted(Comparator.comparing(DirectoryEntry::name))
        .forEach(
            entry -> {
              VolumePath below = directory.child(entry.name());
              if (entry.type() == FileType.DIRECTORY) {
                tree(files, below, report);
              } else if (entry.type() == FileType.FILE) {
                show(files, below, report);
              }
            });
  }

  private void show(SecureFileSystem files, VolumePath file, Report report) {
    try {
      print(files.version(file.text()), false, file.text());
      report.file(0);
    } catch (FileInvalidatedException e) {
      print(e.version(), true, file.text());
      report.file(0);
    } catch (IOException e) {
      report.problem(e);
    }
  }

  private void print(long version, boolean invalid, String path) {
    PrintStream out = settings.console().out();
    if (json) {
      out.println(Json.text(Map.of("path", path, "version", version, "invalid", invalid)));
      return;
    }
    String shown = invalid ? "invalid" : version == 0 ? "-" : Long.toUnsignedString(version);
    out.println(String.format(Locale.ROOT, "%8s  %s", shown, Text.printable(path)));
  }
}
