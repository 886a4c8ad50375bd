// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.workloads.Scale;
import dev.strongroom.workloads.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * What work on secure files costs in host input and output, counted under the engine.
 *
 * @param journalBytesPerSync bytes written to the journal for a random 4 KiB overwrite with sync
 * @param readsPerColdRead reads of the host for a random 4 KiB read of a volume just opened
 *     <p>Thread safety: immutable.
 */
record HostCost(double journalBytesPerSync, double readsPerColdRead) {

  private static final int SECTOR = 4096;
  private static final long SEED = 20260103;
  private static final int LEAST = 20;

  /** Counts on a file of the given size, in a folder that is not there yet. */
  static HostCost count(Path folder, Scale scale) throws IOException {
    Files.createDirectory(folder);
    int sectors = (int) (scale.largeBytes() / SECTOR);
    // Both are averages, which a tenth of the timed work settles.
    int reads = Math.max(LEAST, scale.randomReads() / 10);
    int syncs = Math.max(LEAST, scale.forces());
    try (Strongroom strongroom = Strongroom.login()) {
      CountingStore first = new CountingStore(new PathStore(folder.resolve("volume")));
      double journal;
      try (SecureFileSystem volume =
              SecureFileSystem.create(strongroom.session(), first, VolumeOptions.defaults());
          SecureFile file = volume.openFile("large", CREATE_NEW, READ, WRITE)) {
        write(file, scale.largeBytes());
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] sector = new byte[SECTOR];
        long before = first.journalBytes();
        for (int i = 0; i < syncs; i++) {
          random.nextBytes(sector);
          file.pwrite((long) random.nextInt(sectors) * SECTOR, sector, 0, SECTOR);
          file.sync();
        }
        journal = (double) (first.journalBytes() - before) / syncs;
      }
      CountingStore second = new CountingStore(new PathStore(folder.resolve("volume")));
      try (SecureFileSystem volume =
              SecureFileSystem.open(strongroom.session(), second, VolumeOptions.defaults());
          SecureFile file = volume.openFile("large", READ)) {
        SplittableRandom random = new SplittableRandom(SEED + 1);
        byte[] sector = new byte[SECTOR];
        long before = second.reads();
        for (int i = 0; i < reads; i++) {
          file.pread((long) random.nextInt(sectors) * SECTOR, sector, 0, SECTOR);
        }
        return new HostCost(journal, (double) (second.reads() - before) / reads);
      }
    }
  }

  private static void write(SecureFile file, long bytes) throws IOException {
    byte[] piece = new byte[Workload.LARGEST_CALL];
    new SplittableRandom(SEED).nextBytes(piece);
    for (long at = 0; at < bytes; at += piece.length) {
      file.pwrite(at, piece, 0, piece.length);
    }
    file.sync();
  }
}
