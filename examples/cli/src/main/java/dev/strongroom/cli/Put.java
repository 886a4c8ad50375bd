// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.KeyScope;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies files and directories into a volume. */
@Command(
    name = "put",
    description = {
      "Copies files and directories into a volume, as \"cp -a\" does: with mode, times, user"
          + " attributes and symbolic links.",
      "A directory lands as PATH/its name. What cannot be read is reported, the others go on."
    })
final class Put implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "--force", description = "Replace files that are there, fill directories.")
  private boolean force;

  @Option(
      names = "--follow",
      description =
          "Put what links to files inside the tree lead to in their place, and report others.")
  private boolean follow;

  @Option(
      names = "--keys",
      paramLabel = "file|page",
      description =
          "Make new files with one key for each (file, the default), or with one for each page of"
              + " 32 KiB (page), which the element is asked for as they are used.")
  private KeyScope keys = KeyScope.FILE;

  @Option(
      names = "--to",
      paramLabel = "PATH",
      description = "The directory in the volume, made when it is missing; by default the root.")
  private String to = "/";

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "SOURCE",
      description = "Files and directories of the host.")
  private List<Path> sources = new ArrayList<>();

  Put(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath directory = VolumePath.parse(to);
    Upload.Replace replace = force ? Upload.Replace.ALWAYS : Upload.Replace.NEVER;
    SourceTree.Links links = follow ? SourceTree.Links.FOLLOWED : SourceTree.Links.KEPT;
    Report report = settings.report();
    try (OpenVolume open = OpenVolume.forPutting(settings, volume, keys)) {
      SecureFileSystem files = open.files();
      SourceTree tree = new SourceTree(volume, Set.of(), links, report);
      for (Path source : sources) {
        add(tree, source, directory, files, report);
      }
      Upload upload = new Upload(files, replace, report);
      try (Progress progress = settings.progress("put", tree.bytes())) {
        if (!tree.items().isEmpty()) {
          upload.directories(directory);
        }
        upload.all(tree, progress);
      }
    } catch (NoSpaceException | VolumeFailedException e) {
      // The volume takes nothing more: the rest was not tried.
      settings.console().problem(report.summary("stopped; before that, put"));
      throw e;
    }
    if (report.problems() == 0) {
      settings.say(report.summary("put"));
    } else {
      settings.console().problem(report.summary("put"));
    }
    return report.exitCode().code();
  }

  private void add(
      SourceTree tree, Path source, VolumePath directory, SecureFileSystem files, Report report)
      throws IOException {
    try {
      if (!Files.exists(source)) {
        report.problem(ExitCode.NAME, source + ": there is no such file; nothing was put for it");
        return;
      }
      VolumePath target = directory.child(name(source));
      if (force || isFree(target, files, report)) {
        tree.add(source, target);
      }
    } catch (IOException e) {
      report.problem(ExitCode.PARTLY, SourceTree.unreadable(source, e));
    }
  }

  /** Reports what is there already, and errors of the volume, which are not the source's. */
  private static boolean isFree(VolumePath target, SecureFileSystem files, Report report) {
    try {
      if (!files.exists(target.text(), LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
      report.problem(Upload.present(target));
    } catch (IOException e) {
      report.problem(e);
    }
    return false;
  }

  /** Also {@code .} and {@code dir/..} have a name. */
  private static String name(Path source) throws IOException {
    Path name = source.getFileName();
    if (name == null || name.toString().isEmpty() || name.toString().matches("\\.{1,2}")) {
      name = source.toRealPath().getFileName();
    }
    if (name == null) {
      throw CommandException.usage(source + ": has no name; name what is in it");
    }
    return name.toString();
  }
}
