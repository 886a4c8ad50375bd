// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {

  @TempDir Path folder;

  private static Timing rate(double perSecond) {
    return new Timing(perSecond, 1_000_000_000, (long) (perSecond * 2000));
  }

  @Test
  void aMedianIsTheMiddleOfTheRounds() {
    Figures figures = new Figures();
    for (double figure : new double[] {5, 1, 3}) {
      figures.add(Workload.LIST, "a", rate(figure));
    }
    for (double figure : new double[] {4, 2}) {
      figures.add(Workload.LIST, "b", rate(figure));
    }
    assertThat(figures.median(Workload.LIST, "a")).isEqualTo(3);
    assertThat(figures.median(Workload.LIST, "b")).isEqualTo(3);
    assertThat(figures.slowest(Workload.LIST, "a")).isEqualTo(1);
    assertThat(figures.fastest(Workload.LIST, "a")).isEqualTo(5);
    assertThat(figures.processorMicros(Workload.LIST, "a")).isEqualTo(2);
    assertThat(figures.median(Workload.FORCE, "a")).isNaN();
    assertThat(figures.processorMicros(Workload.LIST, "c")).isNaN();
  }

  @Test
  void titlesSayHowMuchWasDone() {
    assertThat(Workload.LIST.title(Scale.of(1))).isEqualTo("list 10,000 names");
    assertThat(Workload.RANDOM_OVERWRITE.title(Scale.of(0.02))).startsWith("200 random");
    assertThat(Workload.CREATE_FILES.title(Scale.of(1))).endsWith("1,000 files");
    assertThat(Scale.of(1).largeBytes()).isEqualTo(256 << 20);
    assertThat(Scale.of(1e-9)).isEqualTo(new Scale(128 << 10, 1, 1, 1, 1, 1));
  }

  @Test
  void theCipherIsMeasured() {
    GcmSpeed speed = GcmSpeed.measure(1);
    assertThat(speed.encrypt()).isPositive();
    assertThat(speed.decrypt()).isPositive();
  }

  @Test
  void aFolderIsRemovedWhileSomebodyStillWritesIntoIt() throws Exception {
    Path top = Files.createDirectories(folder.resolve("top/below"));
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; ; i++) {
                  Files.writeString(top.resolve("file-" + i), "x");
                }
              } catch (IOException e) {
                // The folder has gone, as it should.
              }
            });
    writer.start();
    while (!Files.exists(top.resolve("file-0"))) {
      Thread.onSpinWait();
    }
    HostFiles.delete(folder.resolve("top"));
    writer.join();
    assertThat(folder).isEmptyDirectory();
    HostFiles.delete(folder.resolve("top"));
  }
}
