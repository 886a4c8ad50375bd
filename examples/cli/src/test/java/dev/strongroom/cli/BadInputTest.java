// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before a file is touched; each refusal has its own exit code. */
@Tag("jdk25")
class BadInputTest {

  @TempDir Path temporary;

  private VolumeFixture at;

  @BeforeEach
  void makeVolume() throws IOException {
    at = new VolumeFixture(temporary);
    at.run("put", at.volume, at.file("a", "one")).ok();
  }

  @Test
  void aWrongPinAndABlockedOne() {
    Cli guessing = new Cli().set("STRONGROOM_PIN", "0000");
    for (int left = 4; left > 0; left--) {
      guessing
          .run("ls", at.volume)
          .failed(ExitCode.LOGIN, "my.element", "wrong user PIN", "try again with the right PIN");
    }
    String unblock = "\"strongroom element unblock sim:" + at.element + "\"";
    Cli.Result last = guessing.run("ls", at.volume);
    last.failed(ExitCode.LOGIN, "wrong user PIN", "blocked now", "administrator", unblock);
    assertThat(last.err()).doesNotContain("try again");
    at.run("ls", at.volume)
        .failed(ExitCode.LOGIN, "my.element", "is blocked", "administrator", unblock);
    new Cli()
        .set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN)
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "unblock", "sim:" + at.element)
        .ok();
    assertThat(new Cli().set("STRONGROOM_PIN", "1357").run("cat", at.volume, "a").ok().out())
        .isEqualTo("one");
  }

  @Test
  void anEmptyPathIsNotTheDirectoryThatOneIsIn() {
    Path out = at.folder.resolve("out");
    for (List<Object> line :
        List.<List<Object>>of(
            List.of("put", at.volume, ""),
            List.of("put", at.volume, at.folder.resolve("a"), "--to", ""),
            List.of("get", at.volume, "", "--to", out),
            List.of("get", at.volume, "a", "--to", ""),
            List.of("ls", ""),
            List.of("ls", at.volume, ""),
            List.of("mkdir", at.volume, ""),
            List.of("mv", at.volume, "a", ""),
            List.of("check", at.volume, "--salvage", ""),
            List.of("volume", "init", "", "--element", "sim:" + at.element),
            List.of("bench", ""),
            List.of("demo", ""))) {
      at.run(line.toArray()).failed(ExitCode.USAGE, "a path is empty");
    }
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("a\n");
    assertThat(out).doesNotExist();
  }

  @Test
  void aMissingPin() {
    new Cli().run("ls", at.volume).failed(ExitCode.USAGE, "user PIN is missing");
  }

  @Test
  void anotherElementIsRefusedByNameAndLosesNoTry() throws IOException {
    String other = Cli.element(at.folder.resolve("other.element"));
    String serial = serialNumber("sim:" + at.element);
    new Cli()
        .set("STRONGROOM_PIN", "wrong too")
        .run("ls", at.volume, "--element", other)
        .failed(ExitCode.WRONG_ELEMENT, serial, serialNumber(other));
    assertThat(new Cli().run("element", "info", other).ok().out()).contains("user tries left  5");
  }

  @Test
  void anOldCopyOfTheElementIsRefusedAndTheCurrentOneWorks() throws IOException {
    Path old = Files.copy(at.element, at.folder.resolve("old.element"));
    Cli.withPin()
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "change-pin", "sim:" + at.element)
        .ok();
    new Cli().set("STRONGROOM_PIN", "1357").run("put", at.volume, at.file("b", "two")).ok();
    Path current = Files.copy(at.element, at.folder.resolve("current.element"));

    Files.copy(old, at.element, StandardCopyOption.REPLACE_EXISTING);
    at.run("ls", at.volume)
        .failed(ExitCode.INTEGRITY, at.volume.toString(), "old copy, use the current one");
    at.run("put", at.volume, at.file("c", "three")).failed(ExitCode.INTEGRITY, "old copy");

    Files.copy(current, at.element, StandardCopyOption.REPLACE_EXISTING);
    assertThat(new Cli().set("STRONGROOM_PIN", "1357").run("ls", at.volume).ok().out())
        .isEqualTo("a\nb\n");
  }

  @Test
  void aMissingElementFile() throws IOException {
    Files.delete(at.element);
    at.run("ls", at.volume).failed(ExitCode.NAME, at.element.toString());
  }

  @Test
  void aDamagedElementFile() throws IOException {
    byte[] content = Files.readAllBytes(at.element);
    Arrays.fill(content, (byte) 0x55);
    Files.write(at.element, content);
    at.run("ls", at.volume).failed(ExitCode.INTEGRITY, at.element.toString());
  }

  @Test
  void aVolumeThatIsNotThere() throws IOException {
    at.run("ls", at.folder.resolve("none")).failed(ExitCode.NAME, "none", "no volume here");
    at.run("volume", "info", at.folder).failed(ExitCode.NAME, "no volume here");
    at.run("ls", at.file("f", "x")).failed(ExitCode.NAME, "no volume here");
  }

  @Test
  void aDamagedVolumeFile() throws IOException {
    Path file = at.volume.resolve("strongroom.volume");
    byte[] content = Files.readAllBytes(file);
    for (int i = 0; i < content.length; i++) {
      content[i] ^= 0x55;
    }
    Files.write(file, content);
    at.run("ls", at.volume).failed(ExitCode.INTEGRITY, at.volume.toString());
  }

  @Test
  void aMissingVolumeFile() throws IOException {
    Files.delete(at.volume.resolve("strongroom.volume"));
    String[] said = {
      at.volume.toString(),
      "there is a volume whose strongroom.volume is missing",
      "restore that file from a backup"
    };
    at.run("ls", at.volume).failed(ExitCode.INTEGRITY, said);
    at.run("check", at.volume).failed(ExitCode.INTEGRITY, said);
    at.run("check", "--salvage", at.folder.resolve("to"), at.volume)
        .failed(ExitCode.INTEGRITY, said);
    at.run("volume", "info", at.volume).failed(ExitCode.INTEGRITY, said);
    at.run("volume", "init", at.volume, "--element", "sim:" + at.element)
        .failed(ExitCode.INTEGRITY, said);
  }

  @Test
  void aDamagedFolder() throws IOException {
    at.run("put", at.volume, at.file("f", "content"), "--to", "d").ok();
    Damage.at(at.hostFile("d"), 3 * 4096 + 5);
    at.run("ls", at.volume, "d")
        .failed(ExitCode.INTEGRITY, "\"strongroom check --rebuild\"", "--salvage DIR");
  }

  @Test
  void aMissingJournal() throws IOException {
    Files.delete(at.volume.resolve("strongroom.journal"));
    at.run("ls", at.volume)
        .failed(
            ExitCode.INTEGRITY,
            "from a backup",
            "\"strongroom check --salvage DIR\" copies out what can be read");
  }

  @Test
  void aDamagedHeader() throws IOException {
    Path host = at.hostFile("a");
    byte[] content = Files.readAllBytes(host);
    Arrays.fill(content, (byte) 0x55);
    Files.write(host, content);
    at.run("cat", at.volume, "a")
        .failed(
            ExitCode.INTEGRITY,
            "/a",
            "header",
            "\"strongroom check --salvage DIR\" copies out what can be read");
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("a\n");
  }

  @Test
  void aVolumeInUse() throws IOException {
    try (SecureElement element = SecureElement.open("sim:" + at.element);
        SecretBytes pin = SecretBytes.encode(Cli.USER_PIN.toCharArray());
        ElementSession session = element.login(pin);
        SecureFileSystem files =
            SecureFileSystem.open(session, at.volume, VolumeOptions.defaults())) {
      assertThat(files.exists("a")).isTrue();
      at.run("ls", at.volume)
          .failed(
              ExitCode.BUSY, at.volume.toString(), "in use", "" + ProcessHandle.current().pid());
      at.run("rm", at.volume, "a").failed(ExitCode.BUSY);
    }
    at.run("ls", at.volume).ok();
  }

  @Test
  void anElementInUseByAnotherProcess() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                source("HoldsElement.java").toString(),
                at.element.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(holder.getInputStream().read()).as("the mark of the other process").isEqualTo('!');
      at.run("ls", at.volume)
          .failed(ExitCode.BUSY, "my.element", "in use by", "wait until the other program");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    at.run("ls", at.volume).ok();
  }

  @Test
  void aDirectoryThatCannotBeWritten() throws IOException {
    Path closed = Files.createDirectory(at.folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    Path parent = Files.isWritable(closed) ? Path.of("/sys") : closed;
    assumeTrue(Files.isDirectory(parent), "everything can be written here");
    Path target = parent.resolve("strongroom");
    at.run("volume", "init", target, "--element", "sim:" + at.element)
        .failed(ExitCode.IO, parent.toString());
    at.run("get", at.volume, "a", "--to", target).failed(ExitCode.IO, target.toString());
  }

  @Test
  void aStackTraceIsShownOnRequestOnly() {
    assertThat(at.run("--debug", "cat", at.volume, "none").err()).contains("\tat ");
    assertThat(Cli.withPin().set("STRONGROOM_DEBUG", "1").run("cat", at.volume, "none").err())
        .contains("\tat ");
    assertThat(at.run("cat", at.volume, "none").err()).doesNotContain("\tat ");
  }

  @Test
  void noPinIsEverShown() {
    Cli.Result result =
        new Cli().set("STRONGROOM_PIN", "7391-secret").run("--debug", "ls", at.volume);
    assertThat(result.err() + result.out()).doesNotContain("7391-secret");
  }

  private static String serialNumber(String uri) {
    return new Cli()
        .run("element", "info", uri)
        .ok()
        .out()
        .lines()
        .filter(line -> line.startsWith("serial number"))
        .map(line -> line.substring("serial number".length()).strip())
        .findFirst()
        .orElseThrow();
  }

  /** A program that locks the file given and prints a mark; {@code java FILE} runs it. */
  private Path source(String name) throws IOException {
    return at.file(
        name,
        """
        import java.nio.channels.FileChannel;
        import java.nio.file.Path;
        import java.nio.file.StandardOpenOption;
        class HoldsElement {
          public static void main(String[] a) throws Exception {
            FileChannel c = FileChannel.open(Path.of(a[0]), StandardOpenOption.WRITE);
            c.lock();
            System.out.println("!");
            Thread.sleep(60_000);
          }
        }
        """);
  }
}
