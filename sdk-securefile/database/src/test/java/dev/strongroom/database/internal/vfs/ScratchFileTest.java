// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that die with the process, against an array. */
class ScratchFileTest {

  private static final long SEED = Long.getLong("scratch.seed", 7);
  private static final int MEMORY = 128 << 10;
  private static final int LONGEST = 400_000;

  @TempDir Path folder;

  @Test
  void itIsWhatWasWritten() throws IOException {
    System.out.println("ScratchFileTest: seed " + SEED);
    Random random = new Random(SEED);
    byte[] model = new byte[LONGEST];
    int size = 0;
    try (ScratchFile file = new ScratchFiles(folder, MEMORY).create()) {
      for (int i = 0; i < 4000; i++) {
        int position = random.nextInt(LONGEST);
        byte[] part = new byte[Math.min(LONGEST - position, 1 + random.nextInt(9000))];
        switch (random.nextInt(random.nextInt(50) == 0 ? 3 : 2)) {
          case 0 -> {
            random.nextBytes(part);
            file.write(position, part, part.length);
            System.arraycopy(part, 0, model, position, part.length);
            size = Math.max(size, position + part.length);
          }
          case 1 -> {
            int read = file.read(position, part, part.length);
            int there = Math.max(0, Math.min(part.length, size - position));
            assertThat(read).isEqualTo(there);
            assertThat(Arrays.copyOf(part, read))
                .isEqualTo(Arrays.copyOfRange(model, position, position + read));
          }
          default -> {
            file.truncate(position);
            if (position < size) {
              Arrays.fill(model, position, size, (byte) 0);
            }
            size = position;
          }
        }
        assertThat(file.size()).isEqualTo(size);
      }
    }
  }

  @Test
  void whatWasCutIsNotThereWhenTheFileGrowsAgain() throws IOException {
    byte[] page = new byte[5000];
    Arrays.fill(page, (byte) 7);
    try (ScratchFile file = new ScratchFiles(folder, MEMORY).create()) {
      for (int cut : new int[] {0, 1, 4999}) {
        file.write(0, page, page.length);
        file.truncate(cut);
        file.truncate(page.length);
        byte[] read = new byte[page.length];
        assertThat(file.read(0, read, read.length)).isEqualTo(page.length);
        assertThat(read).isEqualTo(Arrays.copyOf(Arrays.copyOf(page, cut), page.length));
      }
    }
  }

  @Test
  void whatIsChangedOnTheHostIsNotRead() throws IOException {
    Path open = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.isDirectory(open), "scratch files have no name here");
    byte[] page = new byte[4096];
    try (ScratchFile file = new ScratchFiles(folder, 0).create()) {
      for (int i = 0; i < 10; i++) {
        file.write(i * 4096L, page, page.length);
      }
      try (RandomAccessFile host = new RandomAccessFile(spill(open).toFile(), "rw")) {
        host.seek(100);
        host.write(host.read() ^ 1);
      }
      assertThat(file.read(4096, page, page.length)).isEqualTo(page.length);
      assertThatThrownBy(() -> file.read(0, page, page.length))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("sector 0");
    }
  }

  private Path spill(Path open) throws IOException {
    try (Stream<Path> found = Files.list(open)) {
      return found
          .filter(each -> target(each).startsWith(folder.toString()))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // the one of the listing itself
    }
  }
}
