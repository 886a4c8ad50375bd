// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code put} and {@code get}. */
@Tag("jdk25")
class CopyTest {

  @TempDir Path temporary;

  private VolumeFixture at;
  private Path out;

  @BeforeEach
  void makeVolume() throws IOException {
    at = new VolumeFixture(temporary);
    out = at.folder.resolve("out");
  }

  @Test
  void aTreeComesBackAsItWas() throws IOException {
    at.file("tree/empty", "");
    at.file("tree/name with spaces and ünïcödé", "ü");
    at.file("tree/deep/deeper/deepest/f", "f");
    at.large("tree/large", 1_000_003);
    Files.createDirectories(at.folder.resolve("tree/no files"));

    assertThat(at.run("put", at.volume, at.folder.resolve("tree")).ok().out())
        .isEqualTo("put 4 files, 977 KiB\n");
    assertThat(at.run("get", at.volume, "tree", "--to", out).ok().out())
        .isEqualTo("got 4 files, 977 KiB\n");

    for (Path file : Trees.files(at.folder.resolve("tree"))) {
      Path copy = out.resolve(at.folder.relativize(file));
      assertThat(copy).hasSameBinaryContentAs(file);
    }
    assertThat(out.resolve("tree/no files")).isEmptyDirectory();
    assertThat(Trees.files(out)).hasSize(4);
  }

  @Test
  void aDirectoryLandsUnderItsNameInADirectoryThatIsMadeWhenMissing() throws IOException {
    at.file("tree/f", "f");
    at.run("put", at.volume, at.folder.resolve("tree"), "--to", "backup/today").ok();
    assertThat(at.run("cat", at.volume, "/backup/today/tree/f").ok().out()).isEqualTo("f");
    at.run("get", at.volume, "backup/today/tree", "--to", out.resolve("deep/down")).ok();
    assertThat(out.resolve("deep/down/tree/f")).hasContent("f");
    at.run("put", at.volume, at.folder.resolve("tree"), "--to", "backup/today/tree/f")
        .failed(ExitCode.NAME, "is a file");
  }

  @Test
  void theRootStandsForAllThereIs() throws IOException {
    at.file("d/b", "B");
    at.run("put", at.volume, at.file("a", "A"), at.folder.resolve("d")).ok();
    at.run("get", at.volume, "/", "--to", out).ok();
    assertThat(out.resolve("a")).hasContent("A");
    assertThat(out.resolve("d/b")).hasContent("B");
  }

  @Test
  void whatIsThereAlreadyIsRefusedUnlessForced() throws IOException {
    Path source = at.file("a", "old");
    at.run("put", at.volume, source).ok();
    Files.writeString(source, "new");
    at.run("put", at.volume, source).failed(ExitCode.NAME, "/a", "there already", "--force");
    assertThat(at.run("cat", at.volume, "a").ok().out()).isEqualTo("old");
    at.run("put", "--force", at.volume, source).ok();
    assertThat(at.run("cat", at.volume, "a").ok().out()).isEqualTo("new");
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("a\n");

    Path host = at.file("out/a", "mine");
    at.run("get", at.volume, "a", "--to", out).failed(ExitCode.NAME, host.toString(), "--force");
    assertThat(host).hasContent("mine");
    at.run("get", "--force", at.volume, "a", "--to", out).ok();
    assertThat(host).hasContent("new");
  }

  @Test
  void forceFillsADirectoryAndKeepsWhatElseIsInIt() throws IOException {
    at.file("tree/a", "A");
    at.run("put", at.volume, at.folder.resolve("tree")).ok();
    Files.delete(at.folder.resolve("tree/a"));
    at.file("tree/b", "B");
    at.run("put", at.volume, at.folder.resolve("tree"))
        .failed(ExitCode.NAME, "/tree", "there already");
    at.run("put", "--force", at.volume, at.folder.resolve("tree")).ok();
    assertThat(at.run("ls", at.volume, "tree").ok().out()).isEqualTo("a\nb\n");
  }

  @Test
  void oneRefusedSourceDoesNotStopTheOthers() throws IOException {
    at.run("put", at.volume, at.file("a", "A")).ok();
    at.run("put", at.volume, at.folder.resolve("a"), at.file("b", "B"), at.folder.resolve("none"))
        .failed(ExitCode.PARTLY, "/a", "none: there is no such file", "2 items were not done");
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("a\nb\n");
  }

  @Test
  void aSourceThatIsNamedTwiceIsThereAlreadyTheSecondTime() throws IOException {
    Path a = at.file("a", "A");
    at.run("put", at.volume, a, a)
        .failed(ExitCode.PARTLY, "/a: is there already; --force replaces it", "1 item was");
    at.file("tree/f", "f");
    Path tree = at.folder.resolve("tree");
    at.run("put", at.volume, tree, tree)
        .failed(ExitCode.PARTLY, "/tree: is there already; --force replaces it");
  }

  @Test
  void aDamagedDirectoryIsNotBlamedOnTheSource() throws IOException {
    at.run("put", at.volume, at.file("a", "A"), "--to", "d").ok();
    Path host = at.hostFile("d");
    Files.write(host, new byte[(int) Files.size(host)]);
    Cli.Result put =
        at.run("put", at.volume, at.file("b", "B"), "--to", "d")
            .failed(ExitCode.INTEGRITY, "strongroom: /d: header failed", "put back this file");
    assertThat(put.err()).doesNotContain("so it was not put");
  }

  @Test
  void aFullDiskStopsAGetAtOnce() throws Exception {
    Path tree = at.folder.resolve("tree");
    at.large("tree/a", 100_000);
    at.large("tree/b", 100_000);
    at.run("put", at.volume, tree).ok();
    Path disk = Files.createDirectory(at.folder.resolve("small"));
    assumeTrue(
        runs("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk.toString()),
        "tmpfs, for root only");
    try {
      Cli.Result full =
          at.run("get", at.volume, "tree", "--to", disk)
              .failed(
                  ExitCode.IO,
                  "stopped; before that, got 0 files",
                  disk.resolve("tree/a") + ": no space",
                  "free some and try again");
      assertThat(full.err().lines()).hasSize(2);
      assertThat(Trees.files(disk)).isEmpty();
    } finally {
      assertThat(runs("umount", disk.toString())).isTrue();
    }
  }

  private static boolean runs(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  @Test
  void linksWithinTheTreeAreFollowedOnRequestAndOthersReported() throws IOException {
    at.file("tree/f", "f");
    Path secret = at.file("outside", "outside");
    Path tree = at.folder.resolve("tree");
    Files.createDirectory(tree.resolve("d"));
    Files.createSymbolicLink(tree.resolve("good"), Path.of("f"));
    Files.createSymbolicLink(tree.resolve("d/up"), Path.of("../f"));
    Files.createSymbolicLink(tree.resolve("out"), secret);
    Files.createSymbolicLink(tree.resolve("nowhere"), Path.of("none"));
    Files.createSymbolicLink(tree.resolve("loop"), Path.of("."));

    at.run("put", "--follow", at.volume, tree)
        .failed(
            ExitCode.PARTLY,
            "tree/out: not put: it is a link out of the tree",
            "tree/nowhere: not put: it is a link to nothing",
            "tree/loop: not put: it is a link to a directory",
            "put 3 files, 3 B; 3 items were not done");
    assertThat(at.run("ls", "-R", at.volume).ok().out())
        .isEqualTo("/:\ntree\n\n/tree:\nd\nf\ngood\n\n/tree/d:\nup\n");
    assertThat(at.run("cat", at.volume, "tree/d/up").ok().out()).isEqualTo("f");
  }

  @Test
  void linksAreKeptAsTheyAre() throws IOException {
    at.file("tree/f", "f");
    Path tree = at.folder.resolve("tree");
    Files.createDirectory(tree.resolve("d"));
    Files.createSymbolicLink(tree.resolve("d/up"), Path.of("../f"));
    Files.createSymbolicLink(tree.resolve("out"), Path.of("/none/ here"));
    Files.createSymbolicLink(tree.resolve("loop"), Path.of("."));
    at.run("put", at.volume, tree).ok();
    assertThat(at.run("cat", at.volume, "tree/d/up").ok().out()).isEqualTo("f");
    assertThat(at.run("cat", at.volume, "tree/loop/loop/f").ok().out()).isEqualTo("f");
    assertThat(at.run("ls", at.volume, "tree/loop").ok().out()).isEqualTo("d\nf\nloop\nout\n");
    assertThat(at.run("ls", "-l", at.volume, "tree/d").ok().out())
        .matches("lrwxrwxrwx \\d+ \\d+ +4  \\S+ \\S+  up -> \\.\\./f\n");
    assertThat(at.run("ls", "-l", at.volume, "tree/loop").ok().out())
        .endsWith("  /tree/loop -> .\n");
    at.run("cat", at.volume, "tree/out")
        .failed(
            ExitCode.NAME, "/tree/out: is a link to \"/none/ here\", which is not in the volume");
    assertThat(at.run("stat", at.volume, "tree/out").ok().out())
        .contains("type        symbolic link\ntarget      /none/ here\n");

    at.run("get", at.volume, "/", "--to", out).ok();
    assertThat(Files.readSymbolicLink(out.resolve("tree/d/up"))).isEqualTo(Path.of("../f"));
    assertThat(Files.readSymbolicLink(out.resolve("tree/out"))).isEqualTo(Path.of("/none/ here"));
    assertThat(Files.readSymbolicLink(out.resolve("tree/loop"))).isEqualTo(Path.of("."));
    at.run("get", at.volume, "tree/d/up", "--to", out).ok(); // a link that is named is followed
    assertThat(Files.isSymbolicLink(out.resolve("up"))).isFalse();
    assertThat(out.resolve("up")).hasContent("f");

    at.run("put", "--force", at.volume, tree).ok();
    at.run("get", "--force", at.volume, "tree", "--to", out).ok();
    at.run("rm", at.volume, "tree/out").ok();
    at.run("mv", at.volume, "tree/loop", "tree/d/moved").ok();
    at.run("mv", at.volume, "tree/d/up", "tree/d/moved").ok(); // into what the link leads to
    assertThat(at.run("ls", at.volume, "tree/d").ok().out()).isEqualTo("moved\nup\n");
    at.run("rm", "-r", at.volume, "tree/d").ok();
    assertThat(at.run("ls", at.volume, "tree").ok().out()).isEqualTo("f\n");
  }

  @Test
  void aLinkDoesNotLeadAGetElsewhere() throws IOException {
    at.file("tree/d/f", "f");
    at.run("put", at.volume, at.folder.resolve("tree")).ok();
    Path elsewhere = Files.createDirectory(at.folder.resolve("elsewhere"));
    Files.createDirectories(out.resolve("tree"));
    Files.createSymbolicLink(out.resolve("tree/d"), elsewhere);
    at.run("get", "--force", at.volume, "tree", "--to", out)
        .failed(ExitCode.PARTLY, "tree/d", "there already");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void timesBefore1970ComeBackInWholeSeconds() throws IOException {
    at.run("put", at.volume, at.file("f", "f")).ok();
    try (SecureElement element = SecureElement.open("sim:" + at.element);
        SecretBytes pin = SecretBytes.encode(Cli.USER_PIN.toCharArray());
        ElementSession session = element.login(pin);
        SecureFileSystem files =
            SecureFileSystem.open(session, at.volume, VolumeOptions.defaults())) {
      files.setTimes("f", Instant.parse("1960-01-02T03:04:05.678Z"), null, null);
    }
    at.run("get", at.volume, "f", "--to", out).ok();
    assertThat(Files.getLastModifiedTime(out.resolve("f")).toInstant())
        .isEqualTo(Instant.parse("1960-01-02T03:04:05Z"));
  }

  @Test
  void modeTimesAndUserAttributesAreKept() throws IOException {
    Path file = at.file("tree/d/f", "f");
    Path tree = at.folder.resolve("tree");
    FileTime time = FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));
    boolean user =
        Files.getFileStore(file).supportsFileAttributeView(UserDefinedFileAttributeView.class);
    if (user) {
      Files.setAttribute(file, "user:note", ByteBuffer.wrap(new byte[] {1, 2, 3}));
      Files.setAttribute(tree, "user:large", ByteBuffer.wrap(new byte[2500]));
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-x--x---"));
    Files.setPosixFilePermissions(tree.resolve("d"), PosixFilePermissions.fromString("rwx---r-x"));
    for (Path path : List.of(file, tree.resolve("d"), tree)) {
      Files.setLastModifiedTime(path, time);
    }
    at.run("put", at.volume, tree).ok();
    assertThat(at.run("ls", "-l", at.volume, "tree/d").ok().out()).startsWith("-r-x--x--- ");
    String stat = at.run("stat", at.volume, "tree/d").ok().out();
    assertThat(stat).contains("mode        rwx---r-x\n", "modified    " + time.toInstant());
    assertThat(stat).contains("owner       " + Files.getAttribute(file, "unix:uid") + "\n");

    at.run("get", at.volume, "tree", "--to", out).ok();
    for (String path : List.of("tree", "tree/d", "tree/d/f")) {
      Path copy = out.resolve(path);
      assertThat(Files.getLastModifiedTime(copy)).as(path).isEqualTo(time);
      assertThat(Files.getPosixFilePermissions(copy))
          .as(path)
          .isEqualTo(Files.getPosixFilePermissions(at.folder.resolve(path)));
    }
    assumeTrue(user, "no user attributes on this file system");
    assertThat(Files.getAttribute(out.resolve("tree/d/f"), "user:note"))
        .isEqualTo(new byte[] {1, 2, 3});
    assertThat(Files.getAttribute(out.resolve("tree"), "user:large")).isEqualTo(new byte[2500]);
    assertThat(at.run("stat", at.volume, "tree/d/f").ok().out()).contains("attribute   note\n");
  }

  @Test
  void anUnreadableSourceIsReportedAndTheOthersGoOn() throws IOException {
    Path unreadable = Path.of("/proc/self/mem"); // reading it at 0 fails, for root too
    assumeTrue(Files.isRegularFile(unreadable), "no /proc/self/mem here");
    at.run("put", at.volume, at.file("a", "A"), unreadable, at.file("b", "B"))
        .failed(ExitCode.PARTLY, "/proc/self/mem: cannot be read", "put 2 files", "1 item was");
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("a\nb\n");
    at.run("put", at.volume, unreadable).failed(ExitCode.PARTLY, "/proc/self/mem");
  }

  @Test
  void aSourceWithoutPermissionIsReported() throws IOException {
    at.file("tree/a", "A");
    Path tree = at.folder.resolve("tree");
    Path closed = at.file("tree/closed", "x");
    Path directory = Files.createDirectory(tree.resolve("closed too"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("---------"));
    assumeTrue(!Files.isReadable(closed), "this user reads everything");
    at.run("put", at.volume, tree)
        .failed(ExitCode.PARTLY, closed.toString(), directory.toString(), "put 1 file, 1 B");
    assertThat(at.run("ls", at.volume, "tree").ok().out()).isEqualTo("a\n");
  }

  @Test
  void aSourceThatFailsToBeReadIsReported() throws IOException {
    Path failing = Path.of("/proc/self/mem"); // an input/output error for everybody
    assumeTrue(Files.exists(failing), "no file of this system fails when it is read");
    Path good = at.file("good", "x");
    at.run("put", at.volume, good, failing)
        .failed(ExitCode.PARTLY, failing.toString(), "cannot be read", "put 1 file, 1 B");
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("good\n");
  }

  @Test
  void theVolumeIsNotPutIntoItself() throws IOException {
    at.file("f", "f");
    at.run("put", at.volume, at.folder, "--to", "copy")
        .failed(ExitCode.PARTLY, "volume: not put: it is the volume itself");
    assertThat(at.run("get", at.volume, "copy", "--to", at.volume.resolve("x")).exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(at.volume.resolve("x")).doesNotExist();
  }

  @Test
  void aDamagedFileLeavesNothingUnderItsNameAndTheOthersComeBack() throws IOException {
    at.file("tree/a", "A");
    Path tree = at.folder.resolve("tree");
    at.large("tree/large", 100_000);
    at.file("tree/z", "Z");
    at.run("put", at.volume, tree).ok();
    Path host = at.hostFile("tree/large");
    Damage damage = Damage.at(host, Files.size(host) / 2);

    at.run("get", at.volume, "tree", "--to", out)
        .failed(ExitCode.PARTLY, "/tree/large", "sector", "got 2 files", "1 item was not done");
    assertThat(out.resolve("tree")).isDirectoryNotContaining("glob:**large*");
    assertThat(Trees.files(out)).hasSize(2);
    at.run("get", at.volume, "tree/large", "--to", out).failed(ExitCode.INTEGRITY, "/tree/large");
    Cli.Result cat =
        at.run("cat", at.volume, "tree/large").failed(ExitCode.INTEGRITY, "/tree/large", "bytes");
    byte[] original = Files.readAllBytes(at.folder.resolve("tree/large"));
    assertThat(cat.bytes().length()).isPositive().isLessThan(original.length);
    assertThat(Bytes.copyOf(original, 0, cat.bytes().length())).isEqualTo(cat.bytes());

    damage.undo();
    at.run("get", at.volume, "tree/large", "--to", out).ok();
    assertThat(out.resolve("large")).hasSameBinaryContentAs(at.folder.resolve("tree/large"));
  }

  @Test
  void whatIsBeforeACutIsWritten() throws IOException {
    Path source = at.large("large", 35_089);
    at.run("put", at.volume, source).ok();
    try (FileChannel host = FileChannel.open(at.hostFile("large"), StandardOpenOption.WRITE)) {
      host.truncate(20_000);
    }
    Cli.Result cat =
        at.run("cat", at.volume, "large").failed(ExitCode.INTEGRITY, "/large", "bytes 8192 to");
    assertThat(cat.bytes()).isEqualTo(Bytes.copyOf(Files.readAllBytes(source), 0, 8192));
  }

  @Test
  void aDamagedFileCanBeReplacedAndRemoved() throws IOException {
    Path source = at.large("large", 50_000);
    at.run("put", at.volume, source).ok();
    Files.write(at.hostFile("large"), new byte[1000]);
    at.run("cat", at.volume, "large").failed(ExitCode.INTEGRITY, "/large");
    at.run("put", "--force", at.volume, source).ok();
    assertThat(at.run("cat", at.volume, "large").ok().bytes())
        .isEqualTo(Bytes.copyOf(Files.readAllBytes(source)));
    Files.write(at.hostFile("large"), new byte[1000]);
    at.run("rm", at.volume, "large").ok();
    assertThat(at.run("ls", at.volume).ok().out()).isEmpty();
  }

  @Test
  void aBarIsShownToAPersonOnly() throws IOException {
    Path source = at.large("large", 300_000);
    assertThat(Cli.withPin().run("put", at.volume, source).err()).isEmpty();
    Cli.Result get = Cli.withPin().watched().run("get", at.volume, "/", "--to", out);
    assertThat(get.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(get.err().replaceAll("(?s)\r[^\n]*\r", "")).isEmpty();
  }

  @Test
  void anInterruptedThreadLosesNothing() throws Exception {
    Path source = at.large("large", 500_000);
    FutureTask<Cli.Result> put =
        new FutureTask<>(
            () -> {
              Thread.currentThread().interrupt();
              return at.run("put", at.volume, source);
            });
    Thread interrupted = new Thread(put);
    interrupted.start();
    interrupted.join();
    Cli.Result first = put.get(); // with what the thread threw, if anything
    if (first.exitCode() == ExitCode.OK) {
      first.ok();
      assertThat(at.run("cat", at.volume, "large").ok().bytes())
          .isEqualTo(Bytes.copyOf(Files.readAllBytes(source)));
    } else {
      first.failed(ExitCode.IO, "interrupted");
    }
    // Whether it was stopped or went on: the volume is whole, and a second try works.
    at.run("put", "--force", at.volume, source).ok();
    assertThat(at.run("cat", at.volume, "large").ok().bytes())
        .isEqualTo(Bytes.copyOf(Files.readAllBytes(source)));
  }
}
