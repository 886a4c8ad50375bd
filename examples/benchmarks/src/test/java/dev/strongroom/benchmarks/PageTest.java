// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.benchmarks.database.SecureDatabases;
import dev.strongroom.benchmarks.keys.SecureKeys;
import dev.strongroom.workloads.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

  @TempDir Path folder;

  @Test
  void aRunReplacesItsOwnPartAndKeepsTheOthers() throws IOException {
    Path page = folder.resolve("page.md");
    Page.write(page, 25, "old figures of 25");
    Page.write(page, 17, "figures of 17\n\n### Java 17 in a title of the third level");
    Page.write(page, 25, "new figures of 25");

    String text = Files.readString(page);
    assertThat(text)
        .startsWith("# Performance\n")
        .endsWith(
            """
            ## Java 17

            figures of 17

            ### Java 17 in a title of the third level

            ## Java 25

            new figures of 25
            """)
        .doesNotContain("old figures")
        .containsOnlyOnce("## Method");
  }

  @Test
  void aPartReplacesItselfAndKeepsWhatIsAroundIt() throws IOException {
    Path page = folder.resolve("page.md");
    Page.write(page, 17, "figures of 17\n\n### A\n\nold\n\n### B\n\nkept");
    Page.write(page, 25, "figures of 25");
    Page.writePart(page, 17, "A", "new\n");
    Page.writePart(page, 25, "A", "first");
    Page.writePart(page, 17, "B", "new too");

    assertThat(Files.readString(page))
        .endsWith(
            """
            ## Java 17

            figures of 17

            ### A

            new

            ### B

            new too

            ## Java 25

            figures of 25

            ### A

            first
            """);
  }

  @Test
  void explanationsAreTakenByRowAndRelease() {
    Explanations texts = Explanations.parse("# Title\n\n## A\nfor all\n\n## A 25\nnewer\nlines\n");
    assertThat(texts.of("A", 17)).isEqualTo("for all");
    assertThat(texts.of("A", 25)).isEqualTo("newer\nlines");
    assertThat(texts.of("B", 25)).isEqualTo("Not explained yet.");
    assertThatThrownBy(() -> Explanations.parse("## A\nx\n## A\ny\n"))
        .hasMessageContaining("A is empty, or there twice");
  }

  @Test
  void everyExplanationBelongsToARow() throws IOException {
    Set<String> rows =
        new TreeSet<>(
            Set.of(
                "SEQUENTIAL_WRITE_PROCESSOR",
                "SEQUENTIAL_READ_PROCESSOR",
                "JOURNAL_BYTES",
                "HOST_READS",
                "SPACE_LARGE",
                "SPACE_SMALL"));
    for (Workload workload : Workload.values()) {
      rows.add(workload.name());
    }
    rows.addAll(SecureDatabases.explained());
    rows.addAll(SecureKeys.explained());
    assertThat(rows).containsAll(Explanations.load().keys());
  }
}
