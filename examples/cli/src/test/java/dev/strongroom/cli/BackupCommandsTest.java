// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupCommandsTest {

  @TempDir Path folder;
  private VolumeFixture at;
  private Path backup = Path.of("");

  @BeforeEach
  void fill() throws IOException {
    at = new VolumeFixture(folder);
    backup = Files.createDirectory(at.folder.resolve("backups")).resolve("monday");
    at.run("put", at.volume, at.file("a", "first")).ok();
  }

  @Test
  void aBackupComesBackInThePlaceOfItsVolume() throws IOException {
    assertThat(at.run("volume", "backup", at.volume, backup).ok().out())
        .startsWith(backup + ": backup of " + at.volume + ", ");
    at.run("put", at.volume, at.file("b", "second")).ok();
    assertThat(at.run("volume", "restore", backup, at.volume).ok().out().lines())
        .containsExactly(
            at.volume + ": restored from " + backup,
            at.volume + ".replaced: the volume that was there; remove it when it is not needed");
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("a\n");
    assertThat(at.run("ls", at.volume + ".replaced").ok().out()).isEqualTo("a\nb\n");
  }

  @Test
  void aBackupOpensByItself() {
    at.run("volume", "backup", at.volume, backup, "--quiet").ok();
    assertThat(at.run("cat", backup, "a", "--element", "sim:" + at.element).ok().out())
        .isEqualTo("first");
    at.run("check", backup, "--element", "sim:" + at.element).ok();
  }

  @Test
  void whatIsWrongIsSaidAndNothingIsLost() throws IOException {
    at.run("volume", "backup", at.volume, backup).ok();
    at.run("volume", "backup", at.volume, backup)
        .failed(ExitCode.NAME, "there is a volume already");
    at.run("volume", "backup", at.volume, at.volume.resolve("x"))
        .failed(ExitCode.USAGE, "lies within the volume");
    at.run("volume", "restore", at.folder.resolve("none"), at.volume)
        .failed(ExitCode.NAME, "there is no such directory");
    at.run("volume", "restore", backup, at.folder.resolve("backups"))
        .failed(ExitCode.NAME, "it holds monday");
    Files.write(backup.resolve("strongroom.volume"), new byte[8192]);
    at.run("volume", "restore", backup, at.volume).failed(ExitCode.INTEGRITY, backup.toString());
    assertThat(at.run("cat", at.volume, "a").ok().out()).isEqualTo("first");
  }
}
