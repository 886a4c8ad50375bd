// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies files and directories out of a volume. */
@Command(
    name = "get",
    description = {
      "Copies files and directories out of a volume to DIR/their name; DIR is made when missing.",
      "A damaged file is reported and nothing stands under its name; the others go on."
    })
final class Get implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "--force", description = "Replace files that are there, fill directories.")
  private boolean force;

  @Option(names = "--to", required = true, paramLabel = "DIR", description = "Where to.")
  private Path to = Path.of("");

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files and directories in the volume; / is all there is.")
  private List<String> paths = new ArrayList<>();

  Get(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    Upload.Replace replace = force ? Upload.Replace.ALWAYS : Upload.Replace.NEVER;
    Report report = settings.report();
    List<VolumePath> named = new ArrayList<>();
    for (String typed : paths) {
      named.add(VolumePath.parse(typed));
    }
    try (OpenVolume open = OpenVolume.forReading(settings, volume)) {
      SecureFileSystem files = open.files();
      Map<VolumePath, FileType> sources = sources(files, named, report);
      if (!sources.isEmpty() || report.problems() == 0) {
        requireOutside(to, existing(to), volume); // before anything is made
        Files.createDirectories(to);
        requireOutside(to, to, volume);
      }
      Download download = new Download(files, replace, report);
      try (Progress progress = progress(files, sources)) {
        for (var source : sources.entrySet()) {
          VolumePath path = source.getKey();
          try {
            download.all(path, Download.resolve(to, path.name()), source.getValue(), progress);
          } catch (NoSpaceException e) {
            throw e;
          } catch (IOException e) {
            progress.clear();
            report.problem(e);
          }
        }
      }
    } catch (NoSpaceException e) {
      // The medium takes nothing more: the rest was not tried.
      settings.console().problem(report.summary("stopped; before that, got"));
      throw e;
    }
    if (report.problems() == 0) {
      settings.say(report.summary("got"));
    } else {
      settings.console().problem(report.summary("got"));
    }
    return report.exitCode().code();
  }

  /** Refuses to write what was named into a folder that is in the volume. */
  static void requireOutside(Path named, Path folder, Path volume) throws IOException {
    if (folder.toRealPath().startsWith(volume.toRealPath())) {
      throw CommandException.usage(
          named + ": lies within the volume; clear data must not be written there");
    }
  }

  /** A folder, or the nearest one above it that is there. */
  private static Path existing(Path folder) {
    Path there = folder.toAbsolutePath();
    for (Path up = there.getParent(); up != null && !Files.exists(there); up = there.getParent()) {
      there = up;
    }
    return there;
  }

  /** What was named and is there; the root stands for what is in it. */
  private Map<VolumePath, FileType> sources(
      SecureFileSystem files, List<VolumePath> named, Report report) throws IOException {
    Map<VolumePath, FileType> sources = new LinkedHashMap<>();
    for (VolumePath path : named) {
      if (path.isRoot()) {
        for (DirectoryEntry entry : files.list("/")) {
          sources.put(path.child(entry.name()), entry.type());
        }
        continue;
      }
      try {
        Kinds.followed(files, path)
            .ifPresentOrElse(
                type -> sources.put(path, type), () -> report.problem(Kinds.missing(path)));
      } catch (IOException e) {
        report.problem(e);
      }
    }
    return sources;
  }

  /** Sizes are looked up only where somebody watches. */
  private Progress progress(SecureFileSystem files, Map<VolumePath, FileType> sources) {
    if (!settings.watched()) {
      return Progress.none();
    }
    try {
      return settings.progress("get", size(files, sources));
    } catch (IOException e) {
      return settings.progress("get", Progress.UNKNOWN); // it is reported when its turn comes
    }
  }

  private static long size(SecureFileSystem files, Map<VolumePath, FileType> sources)
      throws IOException {
    long size = 0;
    Deque<VolumePath> open = new ArrayDeque<>();
    for (var source : sources.entrySet()) {
      if (source.getValue() == FileType.FILE) {
        size += files.stat(source.getKey().text()).size();
      } else if (source.getValue() == FileType.DIRECTORY) {
        open.push(source.getKey());
      }
    }
    while (!open.isEmpty()) {
      VolumePath directory = open.pop();
      for (SecureFileAttributes entry : files.listAttributes(directory.text())) {
        size += entry.type() == FileType.FILE ? entry.size() : 0;
        if (entry.type() == FileType.DIRECTORY) {
          open.push(directory.child(entry.name()));
        }
      }
    }
    return size;
  }
}
