// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the main job on real files, in a temporary folder that is removed at the end. */
@Command(
    name = "demo",
    description = {
      "Shows what strongroom does, on real files and in a temporary folder.",
      "Asks nothing, reads PATH only, and removes the folder at the end, whatever happens."
    })
final class Demo implements Callable<Integer> {

  /** Set by the launcher: where the repository is. */
  private static final String HOME_PROPERTY = "strongroom.home";

  private final Settings settings;

  @Parameters(
      arity = "0..1",
      paramLabel = "PATH",
      description =
          "A file or directory that is put into the volume; by default this repository's files,"
              + " without what Git and Maven keep there.")
  private @Nullable Path path;

  Demo(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    Path source = path == null ? Path.of(System.getProperty(HOME_PROPERTY, "")) : path;
    if (!Files.exists(source)) {
      throw new NoSuchFileException(source.toString());
    }
    Set<String> skipped = path == null ? Set.of(".git", "target") : Set.of();
    Path folder = Files.createTempDirectory("strongroom-demo-");
    Thread interrupted = new Thread(() -> remove(folder));
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      new DemoSteps(settings, source.toRealPath(), skipped, folder).run();
    } finally {
      remove(folder);
      Runtime.getRuntime().removeShutdownHook(interrupted);
    }
    settings.say("");
    settings.say("Every step ended as it should. " + folder + " is removed.");
    return ExitCode.OK.code();
  }

  private void remove(Path folder) {
    try {
      Trees.delete(folder);
    } catch (IOException e) {
      settings.console().warn(folder + ": could not be removed: " + Failures.message(e));
    }
  }
}
