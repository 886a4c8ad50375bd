// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.strongroom.benchmarks.Peer.PeerFile;
import java.io.IOException;
import java.util.SplittableRandom;

/**
 * A piece of work, the same for every peer; they run in the order in which they stand here, because
 * some need what others left.
 */
enum Workload {
  /** 256 MiB in calls of 128 KiB to a new file, then force and close. */
  SEQUENTIAL_WRITE("sequential write, 128 KiB calls, force at the end", "MiB/s", "0.7 P, 1.5 C") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      try (PeerFile file = peer.open(LARGE, CREATE, TRUNCATE_EXISTING, WRITE)) {
        for (long at = 0; at < scale.largeBytes(); at += LARGEST_CALL) {
          file.write(at, LARGEST_CALL);
        }
        file.force();
      }
      return mebibytes(scale.largeBytes());
    }
  },
  /** The same file, by a file system with empty caches. */
  SEQUENTIAL_READ("sequential read, 128 KiB calls", "MiB/s", "0.6 P, 1.5 C") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      try (PeerFile file = peer.open(LARGE, READ)) {
        for (long at = 0; at < scale.largeBytes(); at += LARGEST_CALL) {
          require(file.read(at, LARGEST_CALL) == LARGEST_CALL);
        }
      }
      return mebibytes(scale.largeBytes());
    }
  },
  /** Uniform over the file, by a file system with empty caches. */
  RANDOM_READ_COLD("random 4 KiB read, cold", "op/s", "0.5 P, 3.5 C") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      return randomReads(peer, scale.randomReads(), scale.largeBytes());
    }
  },
  /** In 256 KiB of the file. */
  RANDOM_READ_HOT("random 4 KiB read, hot", "op/s", "1.0 P, 4 C") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      return randomReads(peer, scale.randomReads() * 4, Math.min(256 << 10, scale.largeBytes()));
    }
  },
  /** Uniform over the file, close included, no force. */
  RANDOM_OVERWRITE("10,000 random 4 KiB overwrites, then close", "op/s", "3 C") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      SplittableRandom random = new SplittableRandom(SEED);
      try (PeerFile file = peer.open(LARGE, READ, WRITE)) {
        for (int i = 0; i < scale.overwrites(); i++) {
          file.write(random.nextLong(scale.largeBytes() / SECTOR) * SECTOR, SECTOR);
        }
        file.publish();
      }
      return scale.overwrites();
    }
  },
  /** One sector, then force, again and again. */
  FORCE("force of one dirty sector", "op/s", "0.77 P") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      SplittableRandom random = new SplittableRandom(SEED);
      try (PeerFile file = peer.open(LARGE, READ, WRITE)) {
        for (int i = 0; i < scale.forces(); i++) {
          file.write(random.nextLong(scale.largeBytes() / SECTOR) * SECTOR, SECTOR);
          file.force();
        }
      }
      return scale.forces();
    }
  },
  /** 4 KiB each, no force; what is committed within a second is left to the timer. */
  CREATE_FILES_BY_TIMER("the next row, commit left to the timer: 1,000 files", "file/s", "") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      for (int i = 0; i < scale.files(); i++) {
        try (PeerFile file = peer.open(SMALL + "/file-" + i, CREATE_NEW, WRITE)) {
          file.write(0, SECTOR);
        }
      }
      return scale.files();
    }

    @Override
    void prepare(Peer peer, Scale scale) throws IOException {
      super.prepare(peer, scale);
      peer.createDirectory(SMALL);
    }

    @Override
    void cleanUp(Peer peer, Scale scale) throws IOException {
      removeSmall(peer, scale);
    }
  },
  /** 4 KiB each, no force. */
  CREATE_FILES("create, write 4 KiB, close: 1,000 files", "file/s", "2 C26, 1 C29") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      for (int i = 0; i < scale.files(); i++) {
        try (PeerFile file = peer.open(SMALL + "/file-" + i, CREATE_NEW, WRITE)) {
          file.write(0, SECTOR);
          file.publish();
        }
      }
      return scale.files();
    }

    @Override
    void prepare(Peer peer, Scale scale) throws IOException {
      super.prepare(peer, scale);
      peer.createDirectory(SMALL);
    }
  },
  /** The files just created, by a file system with empty caches. */
  READ_FILES("open, read, close: 1,000 files", "file/s", "5 C26, 2 C29") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      for (int i = 0; i < scale.files(); i++) {
        try (PeerFile file = peer.open(SMALL + "/file-" + i, READ)) {
          require(file.read(0, SECTOR) == SECTOR);
        }
      }
      return scale.files();
    }

    @Override
    void cleanUp(Peer peer, Scale scale) throws IOException {
      removeSmall(peer, scale);
    }
  },
  /** A directory of empty files made once, by a file system with empty caches. */
  LIST("list 10,000 names", "name/s", "5 C") {
    @Override
    double work(Peer peer, Scale scale) throws IOException {
      require(peer.list(MANY) == scale.names());
      return scale.names();
    }
  };

  /** Most bytes moved by one call. */
  static final int LARGEST_CALL = 128 << 10;

  private static final int SECTOR = 4096;
  private static final long SEED = 20260101;
  private static final String LARGE = "large";
  private static final String SMALL = "small";
  private static final String MANY = "many";

  private final String title;
  private final String unit;
  private final String target;

  Workload(String title, String unit, String target) {
    this.title = title;
    this.unit = unit;
    this.target = target;
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  /** What is to be reached, beside plain files (P) and cryptofs (C). */
  String target() {
    return target;
  }

  /** What all rounds share. */
  static void prepareOnce(Peer peer, Scale scale) throws IOException {
    peer.createDirectory(MANY);
    for (int i = 0; i < scale.names(); i++) {
      peer.open(MANY + "/a-name-of-usual-length-" + i, CREATE_NEW, WRITE).close();
    }
  }

  /** Units of work in a second. */
  double run(Peer peer, Scale scale) throws IOException {
    prepare(peer, scale);
    long start = System.nanoTime();
    double done = work(peer, scale);
    double seconds = (System.nanoTime() - start) / 1e9;
    cleanUp(peer, scale);
    return done / seconds;
  }

  /** The work that is timed; how many units were done. */
  abstract double work(Peer peer, Scale scale) throws IOException;

  /** Not timed: by default caches are emptied. */
  void prepare(Peer peer, Scale scale) throws IOException {
    peer.reopen();
  }

  /** Not timed. */
  void cleanUp(Peer peer, Scale scale) throws IOException {}

  private static void removeSmall(Peer peer, Scale scale) throws IOException {
    for (int i = 0; i < scale.files(); i++) {
      peer.delete(SMALL + "/file-" + i);
    }
    peer.delete(SMALL);
  }

  private static double randomReads(Peer peer, int count, long range) throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    try (PeerFile file = peer.open(LARGE, READ)) {
      for (int i = 0; i < count; i++) {
        require(file.read(random.nextLong(range / SECTOR) * SECTOR, SECTOR) == SECTOR);
      }
    }
    return count;
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }

  private static void require(boolean condition) throws IOException {
    if (!condition) {
      throw new IOException("a peer returned less than was written");
    }
  }
}
