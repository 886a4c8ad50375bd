// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileAttributes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows all that is known of a file or directory. */
@Command(name = "stat", description = "Shows all that is known of a file or directory.")
final class Stat implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The file or directory.")
  private String path = "";

  Stat(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath target = VolumePath.parse(path);
    try (OpenVolume open = OpenVolume.forReading(settings, volume)) {
      SecureFileAttributes attributes = Kinds.require(open.files(), target);
      var out = settings.console().out();
      out.println("path        " + Text.printable(target.text()));
      out.println(
          "type        " + (attributes.type() == FileType.DIRECTORY ? "directory" : "file"));
      out.println("size        " + attributes.size());
      out.println("created     " + attributes.created());
      out.println("modified    " + attributes.modified());
      out.println("uid         " + attributes.uid());
      out.println("generation  " + attributes.generation());
      out.println("host file   " + Text.printable(attributes.hostName()));
    }
    return ExitCode.OK.code();
  }
}
