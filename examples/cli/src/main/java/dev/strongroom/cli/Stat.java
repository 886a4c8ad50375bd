// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.FileType;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.SecureFileAttributes;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows all that is known of a file, directory or link. */
@Command(name = "stat", description = "Shows all that is known of a file, directory or link.")
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
      SecureFileAttributes attributes =
          Kinds.require(open.files(), target, LinkOption.NOFOLLOW_LINKS);
      var out = settings.console().out();
      out.println("path        " + Text.printable(target.text()));
      out.println("type        " + type(attributes.type()));
      if (attributes.type() == FileType.SYMBOLIC_LINK) {
        out.println("target      " + Text.printable(open.files().readSymbolicLink(target.text())));
      }
      out.println("size        " + attributes.size());
      out.println("created     " + attributes.created());
      out.println("modified    " + attributes.modified());
      out.println("accessed    " + attributes.accessed());
      out.println("changed     " + attributes.changed());
      out.println("mode        " + KeptAttributes.modeText(attributes.mode()));
      out.println("owner       " + Integer.toUnsignedString(attributes.owner()));
      out.println("group       " + Integer.toUnsignedString(attributes.group()));
      for (String name : open.files().userAttributes(target.text(), LinkOption.NOFOLLOW_LINKS)) {
        out.println("attribute   " + Text.printable(name));
      }
      if (attributes.type() == FileType.FILE) {
        out.println("keys        " + keys(attributes.keyScope()));
      }
      out.println("uid         " + attributes.uid());
      out.println("generation  " + attributes.generation());
      out.println("host file   " + Text.printable(attributes.hostName()));
    }
    return ExitCode.OK.code();
  }

  private static String keys(KeyScope scope) {
    return switch (scope) {
      case FILE -> "for the file";
      case PAGE -> "for each page";
    };
  }

  private static String type(FileType type) {
    return switch (type) {
      case FILE -> "file";
      case DIRECTORY -> "directory";
      case SYMBOLIC_LINK -> "symbolic link";
    };
  }
}
