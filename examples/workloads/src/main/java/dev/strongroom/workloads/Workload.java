// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.strongroom.workloads.Peer.OpenedFile;
import java.io.IOException;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A piece of work, the same for every peer. The workloads of a round run in the order in which they
 * stand here, because some need what others left. Each begins with empty caches of the peer.
 */
public enum Workload {
  /** The large file in calls of 128 KiB, made anew, then force and close. */
  SEQUENTIAL_WRITE("sequential write, 128 KiB calls, force at the end", "MiB/s") {
    @Override
    double work(Contender contender) throws IOException {
      long bytes = contender.scale().largeBytes();
      try (OpenedFile file =
          contender.peer().open(Contender.LARGE, CREATE, TRUNCATE_EXISTING, WRITE)) {
        for (long at = 0; at < bytes; at += LARGEST_CALL) {
          contender.write(file, at, LARGEST_CALL);
        }
        file.force();
      }
      return mebibytes(bytes);
    }
  },
  /** The same file. */
  SEQUENTIAL_READ("sequential read, 128 KiB calls", "MiB/s") {
    @Override
    double work(Contender contender) throws IOException {
      long bytes = contender.scale().largeBytes();
      try (OpenedFile file = contender.peer().open(Contender.LARGE, READ)) {
        for (long at = 0; at < bytes; at += LARGEST_CALL) {
          contender.read(file, at, LARGEST_CALL);
        }
      }
      return mebibytes(bytes);
    }
  },
  /** Sectors of the whole file in random order, none twice. */
  RANDOM_READ_COLD("random 4 KiB read, cold", "op/s") {
    @Override
    double work(Contender contender) throws IOException {
      int[] order = contender.randomOrder();
      int count = Math.min(order.length, contender.scale().randomReads());
      try (OpenedFile file = contender.peer().open(Contender.LARGE, READ)) {
        for (int i = 0; i < count; i++) {
          contender.read(file, (long) order[i] * SECTOR, SECTOR);
        }
      }
      return count;
    }
  },
  /** In 256 KiB of the file, again and again. */
  RANDOM_READ_HOT("random 4 KiB read, hot", "op/s") {
    @Override
    double work(Contender contender) throws IOException {
      int sectors = (int) (Math.min(HOT_BYTES, contender.scale().largeBytes()) / SECTOR);
      int count = contender.scale().randomReads() * 4;
      SplittableRandom random = new SplittableRandom(SEED);
      try (OpenedFile file = contender.peer().open(Contender.LARGE, READ)) {
        for (int i = 0; i < count; i++) {
          contender.read(file, (long) random.nextInt(sectors) * SECTOR, SECTOR);
        }
      }
      return count;
    }
  },
  /** Uniform over the file, close included, no force. */
  RANDOM_OVERWRITE("%,d random 4 KiB overwrites, then close", "op/s") {
    @Override
    double work(Contender contender) throws IOException {
      int sectors = (int) (contender.scale().largeBytes() / SECTOR);
      int count = contender.scale().overwrites();
      SplittableRandom random = new SplittableRandom(SEED);
      try (OpenedFile file = contender.peer().open(Contender.LARGE, READ, WRITE)) {
        for (int i = 0; i < count; i++) {
          contender.write(file, (long) random.nextInt(sectors) * SECTOR, SECTOR);
        }
        file.handOver();
      }
      contender.peer().settle();
      return count;
    }
  },
  /** One sector, then force, again and again. */
  FORCE("force of one dirty sector", "op/s") {
    @Override
    double work(Contender contender) throws IOException {
      int sectors = (int) (contender.scale().largeBytes() / SECTOR);
      int count = contender.scale().forces();
      SplittableRandom random = new SplittableRandom(SEED);
      try (OpenedFile file = contender.peer().open(Contender.LARGE, READ, WRITE)) {
        for (int i = 0; i < count; i++) {
          contender.write(file, (long) random.nextInt(sectors) * SECTOR, SECTOR);
          file.force();
        }
      }
      return count;
    }
  },
  /** Files of 4 KiB in one directory, no force. */
  CREATE_FILES("create, write 4 KiB, close: %,d files", "file/s") {
    @Override
    void prepare(Contender contender) throws IOException {
      super.prepare(contender);
      contender.peer().createDirectory(Contender.SMALL);
    }

    @Override
    double work(Contender contender) throws IOException {
      contender.createFiles();
      contender.peer().settle();
      return contender.scale().files();
    }
  },
  /** The files just created. */
  READ_FILES("open, read, close: %,d files", "file/s") {
    @Override
    double work(Contender contender) throws IOException {
      contender.readFiles();
      return contender.scale().files();
    }

    @Override
    void cleanUp(Contender contender) throws IOException {
      contender.removeFiles();
    }
  },
  /** A directory of empty files. */
  LIST("list %,d names", "name/s") {
    @Override
    double work(Contender contender) throws IOException {
      int found = contender.peer().list(Contender.MANY).size();
      contender.requireAll(found == contender.scale().names(), Contender.MANY);
      return found;
    }
  };

  /** Most bytes moved by one call. */
  public static final int LARGEST_CALL = 128 << 10;

  private static final int SECTOR = Content.SECTOR;
  private static final long HOT_BYTES = 256 << 10;
  private static final long SEED = 20260101;

  private final String title;
  private final String unit;

  Workload(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /**
   * What is done.
   *
   * @param scale how much of it
   * @return a short title
   */
  public String title(Scale scale) {
    return String.format(Locale.ROOT, title, pieces(scale));
  }

  /** How many pieces the title speaks of. */
  private int pieces(Scale scale) {
    return switch (this) {
      case RANDOM_OVERWRITE -> scale.overwrites();
      case LIST -> scale.names();
      default -> scale.files();
    };
  }

  /**
   * What the figures count.
   *
   * @return such as {@code MiB/s}
   */
  public String unit() {
    return unit;
  }

  /** Not timed: caches are emptied. */
  void prepare(Contender contender) throws IOException {
    contender.peer().reopen();
  }

  /** The work that is timed; how many units were done. */
  abstract double work(Contender contender) throws IOException;

  /** Not timed. */
  void cleanUp(Contender contender) throws IOException {}

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
