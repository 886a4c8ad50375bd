// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.strongroom.workloads.Scale;
import dev.strongroom.workloads.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksTest {

  @TempDir Path folder;

  private String run(String... more) throws IOException {
    Path work = Files.createDirectories(folder.resolve("work"));
    String[] arguments = new String[more.length + 3];
    arguments[0] = "--scale=0.2%";
    arguments[1] = "--rounds=1";
    arguments[2] = "--directory=" + work;
    System.arraycopy(more, 0, arguments, 3, more.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Benchmarks.run(arguments, new PrintStream(out, true, UTF_8));
    assertThat(work).isEmptyDirectory();
    return out.toString(UTF_8);
  }

  @Test
  void everyWorkloadRunsOnEveryPeerAndTheFolderIsRemoved() throws IOException {
    Path page = folder.resolve("performance.md");
    String out = run("--without=gocryptfs,keys", "--write=" + page);

    String text = Files.readString(page);
    Scale scale = Scale.of(0.002);
    for (Workload workload : Workload.values()) {
      assertThat(out).contains(workload.title(scale));
      assertThat(text).contains("| " + workload.title(scale) + " |");
    }
    assertThat(text)
        .contains(
            "/ plain | / cryptofs 2.",
            "| sequential read: processor time | us/MiB |",
            "| journal, per random 4 KiB overwrite + sync | KiB |",
            "| host reads, per cold random 4 KiB read | reads |",
            "| space of a file of 4 KiB, with its name | KiB |",
            "Keys per crypto page",
            "| page | 20 ms |",
            "| freeze of one file, ledger of 1 entry |",
            "### Secure database",
            "| commit of one row, auto-commit | commits/s |",
            "| plain, WAL |",
            "Counted, without what varies: a commit of one row makes 1.0",
            "Not measured: gocryptfs, left out by an option.")
        .doesNotContain("NaN", "Infinity");
  }

  @Test
  void aMountedFileSystemIsMeasuredWhereThereIsOne() throws IOException {
    String out =
        run("--only=list", "--without=securefile,cryptofs,page-keys,versions,databases,keys");
    assumeFalse(out.contains("Not measured: gocryptfs"), () -> out);
    assertThat(out).contains("gocryptfs 2.");
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(folder.toString());
  }

  @Test
  void oneSectionIsMeasuredByItself() throws IOException {
    Path page = folder.resolve("performance.md");
    String out = run("--section=databases", "--write=" + page);
    int release = Runtime.version().feature();
    assertThat(Files.readString(page)).contains("## Java " + release + "\n\n### Secure database");
    assertThat(out).doesNotContain("sequential", "Not measured: SQLCipher");
    assertThatThrownBy(() -> run("--section=nothing")).hasMessageContaining("nothing");
  }

  @Test
  void keysAreMeasuredBesideProvidersAndOpened() throws IOException {
    Path page = folder.resolve("performance.md");
    run("--section=keys", "--write=" + page);
    assertThat(Files.readString(page))
        .contains(
            "### Keys",
            "| AES-256-GCM, encrypt 1 KiB |",
            "| ECDSA P-256, sign 32 B | Bouncy Castle |",
            "| database, all of it in memory |",
            "100,000 encryptions wait for the element's medium ",
            "352 KiB of key memory have room for ")
        .doesNotContain("Infinity");
  }

  @Test
  void anUnknownOptionIsRefused() {
    assertThatThrownBy(() -> Options.parse("--fast")).hasMessageContaining("--fast");
  }
}
