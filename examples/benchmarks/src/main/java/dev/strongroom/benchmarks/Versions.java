// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import dev.strongroom.workloads.Scale;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What it costs that earlier copies die: freezing, invalidating, and strict volumes, with an
 * element whose file lies on the same disk.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Versions implements Section {

  private static final int ROUNDS = 3;
  private static final String FILE = "file";
  private static final StandardOpenOption[] MAKE = {
    StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW
  };

  /** Something that is measured, once for each number from 0 on. */
  private interface Work {
    void run(int index) throws IOException;
  }

  @Override
  public String option() {
    return "versions";
  }

  @Override
  public String title() {
    return "Versions";
  }

  @Override
  public String measure(Path folder, Scale scale, PrintStream progress) throws IOException {
    Files.createDirectories(folder);
    int samples = Math.max(3, scale.forces() / 2);
    int files = scale.names();
    try (SimulatedElement simulated =
            SimulatedElement.open(folder.resolve("element"), SimulatedElementOptions.cheap());
        SecureElement element = SecureElement.open(simulated);
        SecretBytes user = SecretBytes.encode("benchmark".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      try (ElementSession session = element.login(user)) {
        double plain = plainForce(folder, samples);
        double[] closed = new double[ROUNDS];
        double[] again = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
          Path place = folder.resolve("closed" + round);
          makeFiles(session, place, files);
          closed[round] = freezeTree(session, place);
          again[round] = freezeTree(session, place);
          progress.printf(Locale.ROOT, "freeze of %,d files: %.3f s%n", files, closed[round]);
        }
        Arrays.sort(closed);
        Arrays.sort(again);
        double[] few = single(session, folder.resolve("few"), 1, samples);
        double[] many = single(session, folder.resolve("many"), files, samples);
        double synced = sync(session, folder.resolve("plain"), Freshness.NONE, samples);
        double strict = sync(session, folder.resolve("strict"), Freshness.STRICT, samples);
        return String.format(
            Locale.ROOT,
            """
            The element's file lies on the same disk: a step of its slot is written and synced there. Medians: of %d calls, of %d rounds
            for whole trees. Every call of the first rows also waits for at least one sync of the disk, which plain write and force show.

            | work | time |
            |---|---:|
            | plain file: write 4 KiB, force | %.2f ms |
            | secure file: write 4 KiB, sync | %.2f ms |
            | the same in a strict volume | %.2f ms |
            | freeze of one file, ledger of 1 entry | %.2f ms |
            | freeze of one file, ledger of %,d entries | %.2f ms |
            | invalidation of one file, ledger of %,d entries | %.2f ms |
            | freeze of a tree of %,d closed files, first time | %.2f s |
            | the same again | %.2f s |
            """,
            samples,
            ROUNDS,
            plain * 1e3,
            synced * 1e3,
            strict * 1e3,
            few[0] * 1e3,
            files,
            many[0] * 1e3,
            files,
            many[1] * 1e3,
            files,
            closed[ROUNDS / 2],
            again[ROUNDS / 2]);
      }
    }
  }

  private static double plainForce(Path folder, int samples) throws IOException {
    ByteBuffer sector = ByteBuffer.allocate(4096);
    try (FileChannel file = FileChannel.open(folder.resolve("plain.bin"), MAKE)) {
      return median(
          samples,
          i -> {
            file.write(sector.clear(), 4096L * i);
            file.force(false);
          });
    }
  }

  private static void makeFiles(ElementSession session, Path place, int files) throws IOException {
    byte[] content = new byte[100];
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, place, VolumeOptions.defaults())) {
      for (int i = 0; i < files; i++) {
        try (SecureFile file = volume.openFile(FILE + i, MAKE)) {
          file.write(content);
        }
      }
    }
  }

  /** Seconds to freeze all of a volume that has just been opened. */
  private static double freezeTree(ElementSession session, Path place) throws IOException {
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, place, VolumeOptions.defaults())) {
      long start = System.nanoTime();
      volume.freezeTree("/");
      return (System.nanoTime() - start) / 1e9;
    }
  }

  /** Medians of freezing one file and of invalidating one, among so many that are frozen. */
  private static double[] single(ElementSession session, Path place, int files, int samples)
      throws IOException {
    int made = Math.max(files, samples + 1);
    makeFiles(session, place, made);
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, place, VolumeOptions.defaults())) {
      if (files > 1) {
        volume.freezeTree("/");
      }
      double freeze = median(samples, i -> volume.freeze(List.of(FILE + 0)));
      double invalidate = median(samples, i -> volume.invalidate(List.of(FILE + (i + 1))));
      if (volume.version(FILE + 0) == 0) {
        throw new IOException("a frozen file has no version");
      }
      return new double[] {freeze, invalidate};
    }
  }

  private static double sync(ElementSession session, Path place, Freshness freshness, int samples)
      throws IOException {
    byte[] sector = new byte[4096];
    VolumeOptions options = VolumeOptions.builder().freshness(freshness).build();
    try (SecureFileSystem volume = SecureFileSystem.create(session, place, options);
        SecureFile file = volume.openFile(FILE, MAKE)) {
      return median(
          samples,
          i -> {
            file.pwrite(4096L * (i % 16), sector, 0, sector.length);
            file.sync();
          });
    }
  }

  /** Seconds of one call, the median of them. */
  private static double median(int samples, Work work) throws IOException {
    double[] seconds = new double[samples];
    for (int i = 0; i < samples; i++) {
      long start = System.nanoTime();
      work.run(i);
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[samples / 2];
  }
}
