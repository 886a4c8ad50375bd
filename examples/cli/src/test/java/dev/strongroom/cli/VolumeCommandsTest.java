// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes, and the commands that name what is in one. */
@Tag("jdk25")
class VolumeCommandsTest {

  @TempDir Path temporary;

  private VolumeFixture at;

  @BeforeEach
  void makeVolume() throws IOException {
    at = new VolumeFixture(temporary);
  }

  @Test
  void infoShowsWhatAVolumeSaysOfItself() {
    assertThat(new Cli().run("volume", "info", at.volume).ok().out())
        .contains("format", "sim:../my.element", "sim:" + at.element);
  }

  @Test
  void initTakesAnAbsentOrEmptyDirectoryOnly() throws IOException {
    Path empty = Files.createDirectory(at.folder.resolve("empty"));
    at.run("volume", "init", empty, "--element", "sim:" + at.element).ok();
    at.run("--element", "sim:" + at.element, "volume", "init", at.volume)
        .failed(ExitCode.NAME, at.volume.toString(), "there is a volume already");
    at.file("full/f", "x");
    at.run("volume", "init", at.folder.resolve("full"), "--element", "sim:" + at.element)
        .failed(ExitCode.NAME, "not empty", "f");
    at.run("volume", "init", at.file("f", "x"), "--element", "sim:" + at.element)
        .failed(ExitCode.NAME, "not a directory");
    at.run("volume", "init", at.folder.resolve("new")).failed(ExitCode.USAGE, "--element URI");
    assertThat(at.folder.resolve("new")).doesNotExist();
  }

  @Test
  void theElementIsFoundAfterBothWereMoved() throws IOException {
    at.run("put", at.volume, at.file("a", "one")).ok();
    Path moved = Files.createDirectory(at.folder.resolve("moved"));
    Files.move(at.element, moved.resolve("my.element"));
    Files.move(at.volume, moved.resolve("volume"));
    assertThat(at.run("cat", moved.resolve("volume"), "a").ok().out()).isEqualTo("one");
  }

  @Test
  void theElementOptionGoesBeforeWhatTheVolumeRemembers() throws IOException {
    Path moved = at.folder.resolve("elsewhere.element");
    Files.move(at.element, moved);
    at.run("ls", at.volume).failed(ExitCode.NAME, "no secure element at", "--element URI");
    at.run("ls", at.volume, "--element", "sim:" + moved).ok();
    at.run("--element", "sim:" + moved, "ls", at.volume).ok();
  }

  @Test
  void directoriesAreMadeListedAndRemoved() throws IOException {
    at.run("mkdir", at.volume, "a").ok();
    at.run("mkdir", at.volume, "/a/b").ok();
    at.run("put", at.volume, at.file("x", "12345"), "--to", "a/b").ok();

    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("a\n");
    assertThat(at.run("ls", at.volume, "a/").ok().out()).isEqualTo("b\n");
    assertThat(at.run("ls", "-R", at.volume).ok().out()).isEqualTo("/:\na\n\n/a:\nb\n\n/a/b:\nx\n");
    assertThat(at.run("ls", "-l", at.volume, "a/b").ok().out())
        .matches("-rw-r?-?-r?-?- \\d+ \\d+ +5  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  x\n");
    assertThat(at.run("ls", at.volume, "a/b/x").ok().out()).isEqualTo("/a/b/x\n");

    at.run("rm", at.volume, "a").failed(ExitCode.USAGE, "is a directory", "rm -r");
    at.run("rm", "-r", at.volume, "a").ok();
    assertThat(at.run("ls", at.volume).ok().out()).isEmpty();
  }

  @Test
  void namesAreRefusedWithTheirReason() throws IOException {
    at.run("mkdir", at.volume, "a").ok();
    at.run("put", at.volume, at.file("f", "x")).ok();
    at.run("mkdir", at.volume, "a").failed(ExitCode.NAME, "/a", "there already");
    at.run("mkdir", at.volume, "/").failed(ExitCode.NAME, "there already");
    at.run("mkdir", at.volume, "none/b").failed(ExitCode.NAME, "/none is not in the volume");
    at.run("mkdir", at.volume, "x".repeat(256)).failed(ExitCode.USAGE, "invalid name");
    at.run("mkdir", at.volume, "é".repeat(128)).failed(ExitCode.USAGE, "invalid name");
    at.run("mkdir", at.volume, "a\0b").failed(ExitCode.USAGE, "invalid name");
    at.run("mkdir", at.volume, "../b").failed(ExitCode.USAGE, "invalid name");
    at.run("ls", at.volume, "none").failed(ExitCode.NAME, "/none", "not in the volume");
    at.run("cat", at.volume, "none").failed(ExitCode.NAME, "/none", "not in the volume");
    at.run("cat", at.volume, "a").failed(ExitCode.USAGE, "/a", "is a directory");
    at.run("cat", at.volume, "f/g").failed(ExitCode.NAME, "/f");
    at.run("stat", at.volume, "none").failed(ExitCode.NAME, "/none");
    at.run("rm", at.volume, "none").failed(ExitCode.NAME, "/none");
    at.run("rm", "-r", at.volume, "/").failed(ExitCode.USAGE, "root directory");
    at.run("get", at.volume, "none", "--to", at.folder.resolve("out"))
        .failed(ExitCode.NAME, "/none");
  }

  @Test
  void statShowsAFileADirectoryAndTheRoot() throws IOException {
    at.run("put", at.volume, at.file("f", "12345")).ok();
    at.run("mkdir", at.volume, "d").ok();
    assertThat(at.run("stat", at.volume, "f").ok().out())
        .contains("path        /f", "type        file", "size        5");
    assertThat(at.run("stat", at.volume, "d").ok().out()).contains("type        directory");
    assertThat(at.run("stat", at.volume, "/").ok().out()).contains("type        directory");
  }

  @Test
  void putMakesFilesWithTheKeysThatAreWanted() throws IOException {
    at.run("put", at.volume, at.file("a", "A"), "--keys=page").ok();
    at.run("put", at.volume, at.file("b", "B")).ok();
    String own = "keys        for each page";
    assertThat(at.run("stat", at.volume, "a").ok().out()).contains(own);
    assertThat(at.run("stat", at.volume, "b").ok().out()).contains("keys        for the file");
    at.run("put", at.volume, at.file("b", "B"), "--force", "--keys", "page").ok();
    at.run("put", at.volume, at.file("a", "A"), "--force", "--keys=file").ok();
    assertThat(at.run("stat", at.volume, "b").ok().out()).contains(own);
    assertThat(at.run("stat", at.volume, "a").ok().out()).doesNotContain(own);
    assertThat(at.run("stat", at.volume, "/").ok().out()).doesNotContain("keys");
    assertThat(at.run("cat", at.volume, "b").ok().out()).isEqualTo("B");
    at.run("put", at.volume, at.file("c", "C"), "--keys=sector")
        .failed(ExitCode.USAGE, "--keys", "PAGE", "sector");
  }

  @Test
  void mvRenamesMovesIntoDirectoriesAndReplacesOnlyWhenForced() throws IOException {
    at.run("put", at.volume, at.file("a", "A"), at.file("b", "B")).ok();
    at.run("mkdir", at.volume, "d").ok();
    at.run("mv", at.volume, "a", "c").ok();
    at.run("mv", at.volume, "c", "d").ok();
    assertThat(at.run("cat", at.volume, "d/c").ok().out()).isEqualTo("A");
    at.run("mv", at.volume, "b", "d/c").failed(ExitCode.NAME, "/d/c", "--force");
    at.run("mv", "--force", at.volume, "b", "d/c").ok();
    assertThat(at.run("cat", at.volume, "d/c").ok().out()).isEqualTo("B");
    at.run("mv", at.volume, "d", "d/e").failed(ExitCode.USAGE, "lies within it");
    at.run("mv", at.volume, "/", "d").failed(ExitCode.USAGE, "root directory");
    at.run("mv", at.volume, "none", "x").failed(ExitCode.NAME, "/none");
    at.run("mv", at.volume, "d", "no/where").failed(ExitCode.NAME, "/no is not in the volume");
  }

  @Test
  void aNameWithControlCharactersCannotSteerTheTerminal() throws IOException {
    at.run("put", at.volume, at.file("bad\u001b[2Jname", "x")).ok();
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("bad?[2Jname\n");
  }

  @Test
  void quietAndHelpStandAnywhere() {
    assertThat(at.run("-q", "volume", "info", at.volume).ok().out()).isNotEmpty();
    assertThat(new Cli().run("put", "--help").ok().out()).contains("--to", "--force");
    assertThat(new Cli().run("--help").ok().out()).contains("demo", "Exit codes");
    assertThat(new Cli().run("--version").ok().out()).startsWith("strongroom ");
  }

  @Test
  void aWrongCommandLineSaysWhatIsWrong() {
    Cli.Result nothing = new Cli().run();
    nothing.failed(ExitCode.USAGE, "a command is missing; \"strongroom --help\" lists them\n");
    assertThat(nothing.err()).containsOnlyOnce("--help");
    new Cli().run("lss").failed(ExitCode.USAGE, "lss", "did you mean ls");
    new Cli().run("ls").failed(ExitCode.USAGE, "VOLUME", "strongroom ls --help");
    new Cli().run("get", at.volume, "a").failed(ExitCode.USAGE, "--to");
    new Cli().run("element").failed(ExitCode.USAGE, "strongroom element --help");
    new Cli().run("ls", at.volume, "--nothing").failed(ExitCode.USAGE, "--nothing");
  }
}
