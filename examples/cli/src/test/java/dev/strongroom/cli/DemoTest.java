// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk25")
class DemoTest {

  @TempDir Path folder;

  @Test
  void theDemonstrationRunsOnRealFilesAndCleansUp() throws IOException {
    Path tree = folder.resolve("tree");
    Files.createDirectories(tree.resolve("sub"));
    Files.write(tree.resolve("large"), new byte[200_000]);
    Files.writeString(tree.resolve("sub/notes.txt"), "Nothing of this is seen on the disk.");
    Files.writeString(tree.resolve("empty"), "");
    Files.createSymbolicLink(tree.resolve("out"), Path.of("/"));
    long before = left();

    Cli.Result result = new Cli().run("demo", tree).ok();

    assertThat(result.out())
        .contains(
            "3 files",
            "1 links and special files left out",
            "Argon2id",
            "none holds any of",
            "all equal",
            "file /tree/large, sector ",
            "4 tries are left",
            "belongs to element",
            "files/s",
            "Every step ended as it should");
    assertThat(left()).isEqualTo(before);
    assertThat(Trees.files(tree)).hasSize(3);
  }

  @Test
  void theMarksOfTheFormatAreNoClearData() throws IOException {
    VolumeFixture other = new VolumeFixture(Files.createDirectory(folder.resolve("other")));
    other.run("put", other.volume, other.file("a", "one")).ok();
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Files.writeString(tree.resolve("notes.txt"), "Nothing of this is seen on the disk.");
    Files.copy(other.hostFile("a"), tree.resolve("a header"));
    for (String own : List.of("strongroom.volume", "strongroom.journal")) {
      Files.copy(other.volume.resolve(own), tree.resolve(own));
    }
    assertThat(new Cli().run("demo", tree).ok().out()).contains("none holds any of");
  }

  @Test
  void itFailsCleanlyWhereThereIsNothingToShow() throws IOException {
    long before = left();
    new Cli().run("demo", folder.resolve("none")).failed(ExitCode.NAME, "none");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    new Cli().run("demo", empty).failed(ExitCode.USAGE, "no file with content");
    assertThat(left()).isEqualTo(before);
  }

  private static long left() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return entries
          .filter(path -> path.getFileName().toString().startsWith("strongroom-demo-"))
          .count();
    }
  }
}
