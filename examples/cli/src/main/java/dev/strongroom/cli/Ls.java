// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists a directory. */
@Command(name = "ls", description = "Lists a directory of a volume, by name.")
final class Ls implements Callable<Integer> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private static final LinkOption[] FOLLOW = {};

  private final Settings settings;

  @Option(
      names = "-l",
      description =
          "Also show type, mode, owner, group, size, time of the last change, and targets of links.")
  private boolean details;

  @Option(names = "-R", description = "Also list the directories below.")
  private boolean recursive;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      description = "A directory or file in the volume; by default the root.")
  private String path = "/";

  Ls(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath start = VolumePath.parse(path);
    Report report = settings.report();
    try (OpenVolume open = OpenVolume.forReading(settings, volume)) {
      SecureFileSystem files = open.files();
      if (!start.isRoot()) {
        LinkOption[] options = details ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : FOLLOW;
        SecureFileAttributes attributes = Kinds.require(files, start, options);
        if (attributes.type() != FileType.DIRECTORY) {
          print(details ? line(files, start, attributes, start.text()) : start.text());
          return ExitCode.OK.code();
        }
      }
      list(files, start);
      report.directory();
      if (recursive) {
        descend(files, start, report);
      }
    }
    return report.exitCode().code();
  }

  /** Depth first and without recursion; a directory that cannot be read is reported. */
  private void descend(SecureFileSystem files, VolumePath start, Report report) throws IOException {
    List<VolumePath> open = new ArrayList<>(directories(files, start));
    while (!open.isEmpty()) {
      VolumePath next = open.remove(open.size() - 1);
      print("");
      try {
        list(files, next);
        open.addAll(directories(files, next));
      } catch (IOException e) {
        report.problem(e);
      }
    }
  }

  private void list(SecureFileSystem files, VolumePath directory) throws IOException {
    if (recursive) {
      print(directory + ":");
    }
    if (details) {
      List<SecureFileAttributes> entries = new ArrayList<>(files.listAttributes(directory.text()));
      entries.sort(Comparator.comparing(SecureFileAttributes::name));
      for (SecureFileAttributes entry : entries) {
        print(line(files, directory.child(entry.name()), entry, entry.name()));
      }
    } else {
      files.list(directory.text()).stream().map(DirectoryEntry::name).sorted().forEach(this::print);
    }
  }

  /** In reverse order, so that the first one is taken first. */
  private static List<VolumePath> directories(SecureFileSystem files, VolumePath directory)
      throws IOException {
    return files.list(directory.text()).stream()
        .filter(entry -> entry.type() == FileType.DIRECTORY)
        .map(DirectoryEntry::name)
        .sorted(Comparator.reverseOrder())
        .map(directory::child)
        .toList();
  }

  private static String line(
      SecureFileSystem files, VolumePath path, SecureFileAttributes attributes, String name)
      throws IOException {
    boolean link = attributes.type() == FileType.SYMBOLIC_LINK;
    return String.format(
        Locale.ROOT,
        "%s%s %s %s %12d  %s  %s%s",
        link ? "l" : attributes.type() == FileType.DIRECTORY ? "d" : "-",
        KeptAttributes.modeText(attributes.mode()),
        Integer.toUnsignedString(attributes.owner()),
        Integer.toUnsignedString(attributes.group()),
        attributes.size(),
        TIME.format(attributes.modified()),
        name,
        link ? " -> " + files.readSymbolicLink(path.text()) : "");
  }

  private void print(String line) {
    settings.console().out().println(Text.printable(line));
  }
}
