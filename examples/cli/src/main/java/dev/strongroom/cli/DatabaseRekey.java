// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Gives a database new keys. */
@Command(
    name = "rekey",
    description = "Encrypts a whole database anew under new keys of its element.")
final class DatabaseRekey implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The database in the volume.")
  private String path = "";

  DatabaseRekey(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath file = VolumePath.parse(path);
    try (OpenDatabase open = OpenDatabase.forWriting(settings, volume, file)) {
      open.database().rekey();
    }
    settings.say(file + ": has new keys");
    return ExitCode.OK.code();
  }
}
