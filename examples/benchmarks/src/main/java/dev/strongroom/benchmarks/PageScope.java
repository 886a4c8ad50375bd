// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.simulator.FaultPlan;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import dev.strongroom.workloads.Scale;
import dev.strongroom.workloads.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Keys per file beside keys per crypto page, on an element that takes its time.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PageScope implements Section {

  private static final int[] DELAYS = {0, 1, 20};
  private static final int ROUNDS = 3;
  private static final int SECTOR = 4096;
  private static final String FILE = "file";

  /** At 20 ms each, more random reads would say nothing new. */
  private static final int MOST_READS = 500;

  /** What one piece of work took. */
  private record Spent(double seconds, long commands) {}

  /** Something that is measured. */
  private interface Work {
    void run() throws IOException;
  }

  @Override
  public String option() {
    return "page-keys";
  }

  @Override
  public String title() {
    return "Keys per crypto page";
  }

  @Override
  public String measure(Path folder, Scale scale, PrintStream progress) throws IOException {
    int calls = (int) Math.max(1, scale.largeBytes() / 4 / Workload.LARGEST_CALL);
    int reads = Math.min(MOST_READS, Math.max(10, scale.randomReads() / 100));
    StringBuilder table = new StringBuilder();
    table.append(
        "| keys | element's delay | sequential write | commands | sequential read | commands"
            + " | random 4 KiB reads, cold | commands |\n");
    table.append("|---|---:|---:|---:|---:|---:|---:|---:|\n");
    try (SimulatedElement simulated = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
        SecureElement element = SecureElement.open(simulated);
        SecretBytes user = SecretBytes.encode("benchmark".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      try (ElementSession session = element.login(user)) {
        SecureFileSystem.create(session, folder, VolumeOptions.defaults()).close();
        Run run = new Run(simulated, session, folder, calls, reads);
        for (KeyScope scope : KeyScope.values()) {
          run.measure(scope, 0); // warms up
        }
        for (int delay : DELAYS) {
          for (KeyScope scope : KeyScope.values()) {
            String row = run.measure(scope, delay);
            progress.print(row);
            table.append(row);
          }
        }
      }
    }
    return String.format(
        Locale.ROOT,
        """
        A file of %d MiB in calls of %d KiB, and %d random reads; the volume's caches are empty before each
        work; medians of %d rounds. Every element command takes the delay, one at a time, as on a card. Commands are those of the
        work without the opening, which takes 1, and 1 more for the last page of a file with page keys.

        %s
        With page keys a command answers for 64 pages of 32 KiB, so an element of 20 ms a command allows 100 MiB/s at most, one of 1 ms
        2,000 MiB/s; a sequential run asks while it works, and takes about the larger of both times. A random read of a page
        that is not in the cache waits for one command.
        """,
        ((long) calls * Workload.LARGEST_CALL) >> 20,
        Workload.LARGEST_CALL >> 10,
        reads,
        ROUNDS,
        table);
  }

  /** Measures on one element. */
  private record Run(
      SimulatedElement simulated, ElementSession session, Path folder, int calls, int reads) {

    String measure(KeyScope scope, int delay) throws IOException {
      Spent[][] spent = new Spent[3][ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        try (SecureFileSystem volume = open();
            SecureFile file =
                volume.openFile(
                    FILE, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, scope)) {
          spent[0][round] = timed(delay, () -> write(file));
        }
        try (SecureFileSystem volume = open();
            SecureFile file = volume.openFile(FILE, StandardOpenOption.READ)) {
          spent[1][round] = timed(delay, () -> read(file));
        }
        try (SecureFileSystem volume = open()) {
          try (SecureFile file = volume.openFile(FILE, StandardOpenOption.READ)) {
            spent[2][round] = timed(delay, () -> readAtRandom(file));
          }
          volume.delete(FILE);
        }
      }
      for (Spent[] rounds : spent) {
        Arrays.sort(rounds, (a, b) -> Double.compare(a.seconds, b.seconds));
      }
      double mib = calls * (double) Workload.LARGEST_CALL / (1 << 20);
      return String.format(
          Locale.ROOT,
          "| %s | %d ms | %,.0f MiB/s | %d | %,.0f MiB/s | %d | %,.0f /s | %d |%n",
          scope == KeyScope.FILE ? "file" : "page",
          delay,
          mib / spent[0][ROUNDS / 2].seconds,
          spent[0][ROUNDS / 2].commands,
          mib / spent[1][ROUNDS / 2].seconds,
          spent[1][ROUNDS / 2].commands,
          reads / spent[2][ROUNDS / 2].seconds,
          spent[2][ROUNDS / 2].commands);
    }

    private SecureFileSystem open() throws IOException {
      return SecureFileSystem.open(session, folder, VolumeOptions.defaults());
    }

    private Spent timed(int delay, Work work) throws IOException {
      simulated.inject(FaultPlan.builder().delay(Duration.ofMillis(delay)).build());
      try {
        long commands = simulated.commandCount();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Spent(seconds, simulated.commandCount() - commands);
      } finally {
        simulated.inject(FaultPlan.none());
      }
    }

    private static byte[] call() {
      byte[] content = new byte[Workload.LARGEST_CALL];
      new Random(1).nextBytes(content);
      return content;
    }

    private void write(SecureFile file) throws IOException {
      byte[] content = call();
      for (int i = 0; i < calls; i++) {
        file.write(content);
      }
      file.sync();
    }

    private void read(SecureFile file) throws IOException {
      byte[] expected = call();
      byte[] found = new byte[expected.length];
      for (int i = 0; i < calls; i++) {
        if (file.read(found) != found.length || !Arrays.equals(found, expected)) {
          throw new IOException("call " + i + " does not read what was written");
        }
      }
    }

    private void readAtRandom(SecureFile file) throws IOException {
      Random random = new Random(1);
      long sectors = (long) calls * Workload.LARGEST_CALL / SECTOR;
      byte[] found = new byte[SECTOR];
      for (int i = 0; i < reads; i++) {
        long sector = random.nextInt((int) sectors);
        if (file.pread(sector * SECTOR, found, 0, SECTOR) != SECTOR) {
          throw new IOException("a random read at sector " + sector + " ended early");
        }
      }
    }
  }
}
