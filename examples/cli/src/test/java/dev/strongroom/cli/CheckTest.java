// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code check}: what it prints, what it changes, how it ends. */
class CheckTest {

  private static final int SECTOR = 4096;

  @TempDir Path temporary;

  private VolumeFixture fixture;
  private Path volume;

  @BeforeEach
  void makeVolume() throws IOException {
    fixture = new VolumeFixture(temporary);
    volume = fixture.volume;
    fixture.large("in/big", 100_000);
    fixture.file("in/small", "small");
    fixture.file("in/na\"me ä", "named");
    fixture.run("put", volume, fixture.folder.resolve("in")).ok();
  }

  private Cli.Result asAdministrator(Object... arguments) {
    return Cli.withPin().set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN).run(arguments);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(Cli.Result result) {
    return (Map<String, Object>) JsonReader.parse(result.out());
  }

  @Test
  void aWholeVolume() {
    assertThat(fixture.run("check", volume).ok().out())
        .contains("checked 3 files", "all as it was written");
    assertThat(fixture.run("check", volume, "/in/small").ok().out()).contains("checked 1 file,");
    assertThat(fixture.run("check", "--quiet", volume).ok().out()).isEmpty();
    fixture.run("check", volume, "/none").failed(ExitCode.NAME, "/none");
  }

  @Test
  void damageIsNamedAndEndsWithItsCode() throws IOException {
    Damage.at(fixture.hostFile("/in/big"), 2 * SECTOR + 3 * SECTOR + 5);
    Cli.Result result = fixture.run("check", volume);
    assertThat(result.exitCode()).isEqualTo(ExitCode.INTEGRITY);
    assertThat(result.out()).contains("damage  sector  /in/big  bytes 12288 to 16384");
    assertThat(result.err())
        .contains("1 damage", "4096 bytes cannot be read", "\"strongroom check --salvage DIR\"")
        .doesNotContain("--rebuild", "--repair");
    fixture.run("check", volume, "/in/small").ok();
  }

  @Test
  void theObjectIsJson() throws IOException {
    Damage.at(fixture.hostFile("/in/na\"me ä"), 2 * SECTOR);
    Cli.Result result = fixture.run("check", "--json", volume);
    assertThat(result.exitCode()).isEqualTo(ExitCode.INTEGRITY);
    Map<String, Object> object = json(result);
    assertThat(object)
        .containsOnlyKeys(
            "format",
            "volume",
            "path",
            "healthy",
            "directories",
            "files",
            "bytesRead",
            "damagedBytes",
            "counts",
            "findings")
        .containsEntry("format", "strongroom-check-1")
        .containsEntry("path", "/")
        .containsEntry("healthy", false)
        .containsEntry("files", 3L)
        .containsEntry("directories", 2L)
        .containsEntry("damagedBytes", 5L)
        .containsEntry(
            "counts", Map.of("damage", 1L, "repairable", 0L, "repaired", 0L, "notice", 0L));
    assertThat((List<?>) object.get("findings"))
        .singleElement()
        .isEqualTo(
            Map.of(
                "kind",
                "sector",
                "severity",
                "damage",
                "file",
                "/in/na\"me ä",
                "from",
                0L,
                "to",
                5L,
                "detail",
                "it is not what was written there, or is cut off"));
    assertThat(json(fixture.run("check", "--json", volume, "/in/big").ok()))
        .containsEntry("healthy", true)
        .containsEntry("findings", List.of());
  }

  @Test
  void aHeaderIsRepairedWhenAsked() throws IOException {
    Path host = fixture.hostFile("/in/small");
    byte[] whole = Files.readAllBytes(host);
    Damage.at(host, 100);
    Cli.Result found = fixture.run("check", volume);
    assertThat(found.exitCode()).isEqualTo(ExitCode.INTEGRITY);
    assertThat(found.out()).contains("repairable  header-copy  /in/small");
    assertThat(found.err()).contains("\"strongroom check --repair\"").doesNotContain("--salvage");
    assertThat(Files.readAllBytes(host)).isNotEqualTo(whole);
    assertThat(fixture.run("check", "--repair", volume).ok().out())
        .contains("repaired  header-copy  /in/small");
    assertThat(Files.readAllBytes(host)).isEqualTo(whole);
    fixture.run("check", volume).ok();
  }

  @Test
  void aDamagedDirectoryIsRebuiltByTheAdministratorOnly() throws IOException {
    Damage.at(fixture.hostFile("/in"), 3 * SECTOR + 5);
    fixture.run("check", volume).failed(ExitCode.INTEGRITY, "\"strongroom check --rebuild\"");
    fixture.run("check", "--rebuild", volume).failed(ExitCode.USAGE, "administrator PIN");
    Cli wrong = Cli.withPin().set("STRONGROOM_ADMIN_PIN", "not the administrator");
    wrong.run("check", "--rebuild", volume).failed(ExitCode.LOGIN);
    fixture.run("check", "--rebuild", volume, "/in").failed(ExitCode.USAGE, "leave PATH away");
    asAdministrator("check", "--rebuild", volume).ok();
    assertThat(fixture.run("cat", volume, "/in/small").ok().out()).isEqualTo("small");
    assertThat(fixture.run("check", volume).ok().out()).contains("notice  rebuilt");
    assertThat(fixture.run("volume", "info", volume).ok().out()).contains("rebuilt");
  }

  @Test
  void aVolumeWithoutFilesIsNotRebuilt() throws IOException {
    Path files = volume.resolve("strongroom.files");
    Path elsewhere = fixture.folder.resolve("elsewhere");
    Files.move(files, elsewhere);
    Files.createDirectory(files);
    asAdministrator("check", "--rebuild", volume)
        .failed(ExitCode.INTEGRITY, "nothing to rebuild from", "restore strongroom.files first");
    assertThat(files).isEmptyDirectory();
    Files.delete(files);
    Files.move(elsewhere, files);
    fixture.run("check", volume).ok();
  }

  @Test
  void whatTheJournalCoversIsOneLineAndNoRepair() throws IOException {
    // As a killed process leaves it: the journal has the last commits.
    Path copy = fixture.folder.resolve("killed");
    try (SecureElement element = SecureElement.open("sim:" + fixture.element);
        SecretBytes pin = SecretBytes.encode(Cli.USER_PIN.toCharArray());
        ElementSession session = element.login(pin);
        SecureFileSystem files = SecureFileSystem.open(session, volume, VolumeOptions.defaults())) {
      for (String name : List.of("in/small", "in/big")) {
        try (SecureFile file = files.openFile(name, StandardOpenOption.WRITE)) {
          file.write(new byte[1000]);
          file.sync();
        }
      }
      for (Path file : Trees.files(volume)) {
        Path target = copy.resolve(volume.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    Cli.Result text = fixture.run("check", copy).ok();
    assertThat(text.out().lines().filter(line -> line.contains("covered-by-journal"))).hasSize(1);
    assertThat(text.out()).doesNotContain("repaired");
    Map<String, Object> object = json(fixture.run("check", "--json", copy).ok());
    assertThat((Map<?, ?>) object.get("counts")).extracting("repaired").isEqualTo(0L);
    assertThat((List<?>) object.get("findings"))
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(each -> "notice".equals(((Map<?, ?>) each).get("severity")));
  }

  @Test
  void whatCanBeReadIsSalvaged() throws IOException {
    Damage.at(fixture.hostFile("/in/big"), 2 * SECTOR + 3 * SECTOR + 5);
    Damage.at(volume.resolve("strongroom.journal"), 100);
    Damage.at(volume.resolve("strongroom.journal"), SECTOR + 100);
    Path to = fixture.folder.resolve("to");
    Cli.Result result = fixture.run("check", "--salvage", to, volume);
    assertThat(result.exitCode()).isEqualTo(ExitCode.INTEGRITY);
    byte[] expected = Files.readAllBytes(fixture.folder.resolve("in/big"));
    java.util.Arrays.fill(expected, 3 * SECTOR, 4 * SECTOR, (byte) 0);
    assertThat(Files.readAllBytes(to.resolve("in/big"))).isEqualTo(expected);
    assertThat(to.resolve("in/small")).hasContent("small");
    assertThat(to.resolve("strongroom-salvage.txt")).content().contains("bytes 12288 to 16384");
    assertThat(result.out())
        .contains("copied 3 files to " + to, "damaged ranges are holes", "strongroom-salvage.txt");
    assertThat(result.err()).doesNotContain("--salvage");
    Cli.Result again = fixture.run("check", "--salvage", to, volume);
    again.failed(ExitCode.NAME, to.toString(), "choose another folder");
    assertThat(again.err()).doesNotContain("rm -r");
    fixture
        .run("check", "--salvage", volume.resolve("x"), volume)
        .failed(ExitCode.USAGE, "lies within the volume");
    fixture.run("check", "--repair", "--salvage", to, volume).failed(ExitCode.USAGE);
  }
}
