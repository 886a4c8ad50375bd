// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends all earlier copies of files. */
@Command(
    name = "freeze",
    description =
        "Ends all copies of files that were made before, backups too: they are refused from now on."
            + " Copies that are made later open until the next freeze.")
final class Freeze implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "-r", description = "Freeze directories with all that is in them.")
  private boolean recursive;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files; with -r also directories.")
  private List<String> paths = List.of();

  Freeze(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    List<VolumePath> named = new ArrayList<>();
    for (String path : paths) {
      named.add(VolumePath.parse(path));
    }
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      SecureFileSystem files = open.files();
      List<String> single = new ArrayList<>();
      List<String> trees = new ArrayList<>();
      for (VolumePath path : named) {
        boolean directory = Kinds.require(files, path).type() == FileType.DIRECTORY;
        if (directory && !recursive) {
          throw CommandException.usage(
              path + ": is a directory; \"freeze -r\" freezes it with all that is in it");
        }
        (directory ? trees : single).add(path.text());
      }
      if (!single.isEmpty()) {
        files.freeze(single);
      }
      for (String tree : trees) {
        files.freezeTree(tree);
      }
      for (VolumePath path : named) {
        settings.say(
            Text.printable(path.text())
                + ": version "
                + Long.toUnsignedString(files.version(path.text())));
      }
    }
    return ExitCode.OK.code();
  }
}
