// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** freeze, invalidate, versions, and what brings a volume back. */
class VersionCommandsTest {

  @TempDir Path folder;
  private VolumeFixture at;

  @BeforeEach
  void fill() throws IOException {
    at = new VolumeFixture(folder);
    at.run("put", at.volume, at.file("a", "first"), at.file("b", "other")).ok();
  }

  private Cli administrator() {
    return Cli.withPin().set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN);
  }

  @Test
  void aFrozenFilesOldCopyIsRefusedAndALaterOneOpens() throws IOException {
    Path host = at.hostFile("a");
    Path old = Files.copy(host, folder.resolve("old"));
    assertThat(at.run("versions", at.volume).ok().out()).isEqualTo("       -  /a\n       -  /b\n");
    assertThat(at.run("freeze", at.volume, "a").ok().out()).isEqualTo("/a: version 1\n");
    Path later = Files.copy(host, folder.resolve("later"));
    assertThat(at.run("versions", at.volume).ok().out())
        .isEqualTo("       1  /\n       1  /a\n       -  /b\n");

    Files.copy(old, host, StandardCopyOption.REPLACE_EXISTING);
    at.run("cat", at.volume, "a").failed(ExitCode.INTEGRITY, "version 0", "version 1", "newest");
    Cli.Result versions = at.run("versions", at.volume);
    assertThat(versions.exitCode()).isEqualTo(ExitCode.PARTLY);
    assertThat(versions.out()).isEqualTo("       1  /\n       -  /b\n");

    Files.copy(later, host, StandardCopyOption.REPLACE_EXISTING);
    assertThat(at.run("cat", at.volume, "a").ok().out()).isEqualTo("first");
  }

  @Test
  void whatIsNotCurrentIsSalvagedOnRequestOnly() throws IOException {
    Path host = at.hostFile("a");
    Path old = Files.copy(host, folder.resolve("old"));
    at.run("freeze", at.volume, "a").ok();
    Files.copy(old, host, StandardCopyOption.REPLACE_EXISTING);
    at.run("check", at.volume, "--outdated").failed(ExitCode.USAGE, "--salvage");
    Path current = at.folder.resolve("current");
    Cli.Result plain = at.run("check", at.volume, "--salvage", current);
    assertThat(plain.exitCode()).isEqualTo(ExitCode.INTEGRITY);
    assertThat(plain.out()).contains("copied 1 file to ");
    assertThat(plain.err()).contains("--outdated with --salvage");
    assertThat(current.resolve("strongroom-salvage.txt")).content().startsWith("1 files copied, ");
    assertThat(current.resolve("a")).doesNotExist();
    assertThat(current.resolve("b")).hasContent("other");
    Path all = at.folder.resolve("all");
    at.run("check", at.volume, "--salvage", all, "--outdated");
    assertThat(all.resolve("a")).hasContent("first");
  }

  @Test
  void anInvalidatedFileDoesNotOpenAndCanBeRemoved() {
    at.run("invalidate", at.volume, "a").ok();
    List<String> versions = at.run("versions", at.volume, "--json").ok().out().lines().toList();
    assertThat(versions).hasSize(3);
    assertThat(JsonReader.parse(versions.get(1)).toString()).contains("path=/a", "invalid=true");
    assertThat(JsonReader.parse(versions.get(2)).toString()).contains("path=/b", "version=0");
    at.run("cat", at.volume, "a").failed(ExitCode.INTEGRITY, "invalidated");
    assertThat(at.run("versions", at.volume, "a").ok().out()).isEqualTo(" invalid  /a\n");
    at.run("rm", at.volume, "a").ok();
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("b\n");
  }

  @Test
  void treesNeedTheirOption() throws IOException {
    at.run("mkdir", at.volume, "dir").ok();
    at.run("put", at.volume, at.file("c", "third"), "--to", "dir").ok();
    at.run("freeze", at.volume, "dir").failed(ExitCode.USAGE, "freeze -r");
    at.run("freeze", at.volume, "a", "none").failed(ExitCode.NAME, "/none", "nothing was done");
    at.run("invalidate", at.volume, "dir").failed(ExitCode.USAGE, "invalidate -r");
    assertThat(at.run("versions", at.volume, "dir").ok().out()).isEqualTo("       -  /dir/c\n");
    at.run("freeze", "-r", at.volume, "/").ok();
    assertThat(at.run("versions", at.volume).ok().out())
        .isEqualTo("       1  /\n       1  /a\n       1  /b\n       1  /dir/\n       1  /dir/c\n");
    at.run("invalidate", "-r", at.volume, "dir").ok();
    at.run("cat", at.volume, "dir/c").failed(ExitCode.INTEGRITY, "invalidated");
    at.run("freeze", at.volume, "none").failed(ExitCode.NAME);
  }

  @Test
  void aBackupFromBeforeAFreezeNeedsTheAdministrator() throws IOException {
    Path backup = at.folder.resolve("backup");
    at.run("freeze", at.volume, "b").ok();
    at.run("volume", "backup", at.volume, backup).ok();
    at.run("freeze", at.volume, "a").ok();
    at.run("volume", "restore", backup, at.volume).failed(ExitCode.INTEGRITY, "older", "--accept");
    assertThat(at.run("cat", at.volume, "a").ok().out()).isEqualTo("first");
    assertThat(at.folder.resolve("volume.replaced")).doesNotExist();

    Cli.withPin()
        .set("STRONGROOM_ADMIN_PIN", "not this one")
        .run("volume", "restore", backup, at.volume, "--accept")
        .failed(ExitCode.LOGIN);
    assertThat(at.folder.resolve("volume.replaced")).doesNotExist();

    administrator().run("volume", "restore", backup, at.volume, "--accept").ok();
    assertThat(at.run("cat", at.volume, "a").ok().out()).isEqualTo("first");
    assertThat(at.run("volume", "info", at.volume).ok().out()).contains("accepted ");
    at.run("ls", at.volume + ".replaced", "--element", "sim:" + at.element)
        .failed(ExitCode.INTEGRITY);
  }

  @Test
  void soDoesOneFromBeforeTheFirstFreeze() {
    Path backup = at.folder.resolve("backup");
    at.run("volume", "backup", at.volume, backup).ok();
    at.run("freeze", at.volume, "a").ok();
    at.run("volume", "restore", backup, at.volume)
        .failed(ExitCode.INTEGRITY, "missing", "--accept");
    administrator().run("volume", "restore", backup, at.volume, "--accept").ok();
    assertThat(at.run("cat", at.volume, "a").ok().out()).isEqualTo("first");
    at.run("freeze", at.volume, "a").ok();
    at.run("volume", "restore", backup, at.volume).failed(ExitCode.INTEGRITY, "missing");
  }

  @Test
  void anOldCopyOfTheVolumeIsAcceptedByTheAdministratorOnly() throws IOException {
    at.run("freeze", at.volume, "a").ok();
    Path copy = at.folder.resolve("copy");
    at.run("volume", "backup", at.volume, copy).ok();
    at.run("freeze", at.volume, "b").ok();
    Object[] list = {"ls", copy, "--element", "sim:" + at.element};
    at.run(list).failed(ExitCode.INTEGRITY, "older", "volume accept");
    at.run("volume", "accept", copy, "--element", "sim:" + at.element)
        .failed(ExitCode.USAGE, "administrator PIN");
    administrator().run("volume", "accept", copy, "--element", "sim:" + at.element).ok();
    assertThat(at.run(list).ok().out()).isEqualTo("a\nb\n");
    assertThat(
            administrator()
                .run("volume", "accept", copy, "--element", "sim:" + at.element)
                .ok()
                .out())
        .contains("nothing was done");
    at.run("ls", at.volume).failed(ExitCode.INTEGRITY);
  }

  @Test
  void aLostLedgerIsRebuiltByTheAdministrator() throws IOException {
    at.run("freeze", at.volume, "a").ok();
    Files.delete(at.volume.resolve("strongroom.files/ledger"));
    at.run("ls", at.volume).failed(ExitCode.INTEGRITY, "missing", "volume rebuild-ledger");
    administrator().run("volume", "rebuild-ledger", at.volume).ok();
    assertThat(at.run("versions", at.volume, "a").ok().out()).contains("/a");
    assertThat(at.run("volume", "info", at.volume).ok().out()).contains("rebuilt ");
  }

  @Test
  void aStrictVolumeRefusesAnyOldFile() throws IOException {
    Path strict = at.folder.resolve("strict");
    at.run("volume", "init", strict, "--element", "sim:" + at.element, "--strict").ok();
    assertThat(at.run("volume", "info", strict).ok().out()).contains("freshness      strict");
    assertThat(at.run("volume", "info", at.volume).ok().out()).contains("freshness      none");
    at.run("put", strict, at.file("s", "one")).ok();
    VolumeFixture same = at;
    Path host = hostFile(strict, "s");
    Path old = Files.copy(host, folder.resolve("old"));
    same.run("put", strict, at.file("s", "two"), "--force").ok();
    Path now = hostFile(strict, "s");
    Files.copy(old, now, StandardCopyOption.REPLACE_EXISTING);
    at.run("cat", strict, "s").failed(ExitCode.INTEGRITY);
  }

  private Path hostFile(Path volume, String path) {
    return at.run("stat", volume, path)
        .ok()
        .out()
        .lines()
        .filter(line -> line.startsWith("host file"))
        .map(line -> volume.resolve(line.substring("host file".length()).strip()))
        .findFirst()
        .orElseThrow();
  }
}
