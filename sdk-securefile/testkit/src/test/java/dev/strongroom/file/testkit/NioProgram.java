// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.time.Instant;

/**
 * Programs on a volume through {@code java.nio.file}, made of steps: after a crash the volume is as
 * one of the steps left it, and not older than the last one that made all durable.
 *
 * <p>Where a step changes content, the next one publishes it, so that the states of the whole
 * volume form one row.
 */
enum NioProgram {
  FILES("create, append, overwrite and truncate") {
    @Override
    void run(Place place, Steps steps) throws IOException {
      FileSystem files = place.files();
      Path fresh = files.getPath("/fresh");
      steps.step(() -> Files.createFile(fresh));
      try (Open file = new Open(fresh, steps)) {
        file.write(0, 5000, 1);
        file.force();
        file.write(5000, 9000, 2);
        file.force();
        file.write(100, 200, 3);
        file.force();
        steps.step(() -> file.channel.truncate(4096));
        file.force();
        file.write(20_000, 10, 4);
        file.force();
      }
      try (Open file = new Open(files.getPath("/a"), steps)) {
        file.write(3000, 70_000, 5);
        file.force();
      }
    }
  },
  RENAMES("rename, rename over, rename of directories") {
    @Override
    void run(Place place, Steps steps) throws IOException {
      FileSystem files = place.files();
      Path a = files.getPath("/a");
      steps.step(() -> Files.move(a, files.getPath("/c")));
      steps.step(() -> move(files, "/c", "/d/x"));
      steps.durable(() -> Mounted.force(files.getPath("/d")));
      steps.step(() -> Files.createDirectory(files.getPath("/n")));
      steps.step(() -> move(files, "/d", "/n/d"));
      try (Open file = new Open(files.getPath("/n/d/x"), steps)) {
        file.write(0, 3000, 1);
        file.force();
        steps.step(() -> move(files, "/n/d/x", "/b"));
        file.write(3000, 3000, 2);
        file.force();
      }
      steps.step(() -> move(files, "/n/d", "/d"));
      steps.step(() -> Files.delete(files.getPath("/n")));
      steps.durable(() -> Mounted.force(files.getPath("/")));
    }
  },
  DELETES("delete, delete while open, DELETE_ON_CLOSE") {
    @Override
    void run(Place place, Steps steps) throws IOException {
      FileSystem files = place.files();
      try (Open file = new Open(files.getPath("/a"), steps)) {
        steps.step(() -> Files.delete(files.getPath("/a")));
        file.channel.write(ByteBuffer.wrap(SampleBytes.of(1, 9000)), 0);
        file.force();
      }
      steps.durable(() -> Mounted.force(files.getPath("/")));
      Path passing = files.getPath("/passing");
      FileChannel[] channel = new FileChannel[1];
      // Its name never counts: the system may take it away at once, and a crash always does.
      steps.step(
          () ->
              channel[0] =
                  FileChannel.open(
                      passing,
                      StandardOpenOption.CREATE_NEW,
                      StandardOpenOption.WRITE,
                      StandardOpenOption.DELETE_ON_CLOSE));
      channel[0].write(ByteBuffer.wrap(SampleBytes.of(2, 100_000)), 0);
      steps.durable(() -> channel[0].force(true));
      steps.step(channel[0]::close);
      steps.step(() -> Files.delete(files.getPath("/d/x")));
      steps.step(() -> Files.delete(files.getPath("/d")));
      steps.step(() -> Files.delete(files.getPath("/big")));
      steps.durable(() -> Mounted.force(files.getPath("/")));
    }
  },
  ATTRIBUTES("links, times, permissions and user attributes") {
    @Override
    void run(Place place, Steps steps) throws IOException {
      FileSystem files = place.files();
      Path a = files.getPath("/a");
      Path link = files.getPath("/d/link");
      steps.step(() -> Files.createSymbolicLink(link, files.getPath("../a")));
      steps.step(
          () -> Files.setPosixFilePermissions(a, PosixFilePermissions.fromString("rw-r--r--")));
      steps.durable(() -> Mounted.force(files.getPath("/d")));
      UserDefinedFileAttributeView view =
          Files.getFileAttributeView(a, UserDefinedFileAttributeView.class);
      steps.step(() -> view.write("small", ByteBuffer.wrap(SampleBytes.of(1, 100))));
      steps.step(() -> view.write("large", ByteBuffer.wrap(SampleBytes.of(2, 20_000))));
      steps.durable(() -> Mounted.force(files.getPath("/")));
      steps.step(() -> view.write("large", ByteBuffer.wrap(SampleBytes.of(3, 30_000))));
      steps.step(() -> Files.setLastModifiedTime(a, FileTime.from(Instant.ofEpochSecond(5, 7))));
      steps.step(() -> Files.move(link, files.getPath("/link"), StandardCopyOption.ATOMIC_MOVE));
      steps.step(() -> view.delete("large"));
      steps.step(() -> Files.delete(files.getPath("/link")));
      steps.durable(() -> Mounted.force(files.getPath("/")));
      steps.step(
          () ->
              Files.setPosixFilePermissions(
                  files.getPath("/d"), PosixFilePermissions.fromString("r-xr-xr-x")));
    }
  },
  REKEY("new keys for files that are written and renamed") {
    @Override
    void run(Place place, Steps steps) throws IOException {
      FileSystem files = place.files();
      steps.durable(() -> Mounted.force(files.getPath("/")));
      steps.step(() -> place.volume().rekey("/a"));
      try (Open file = new Open(files.getPath("/a"), steps)) {
        file.write(100, 300, 1);
        file.force();
      }
      steps.step(() -> place.volume().rekey("/big"));
      steps.step(() -> move(files, "/big", "/d/bigger"));
      steps.step(() -> place.volume().rekey("/d/bigger"));
      steps.durable(() -> Mounted.force(files.getPath("/d")));
      try (Open file = new Open(files.getPath("/d/bigger"), steps)) {
        file.write(250_000, 60_000, 2);
        file.force();
      }
      steps.step(() -> place.volume().rekey("/a"));
      steps.step(() -> Files.delete(files.getPath("/a")));
      steps.durable(() -> Mounted.force(files.getPath("/")));
    }
  },
  TOGETHER("several files in each commit of the timer") {
    @Override
    void run(Place place, Steps steps) throws IOException {
      FileSystem files = place.files();
      try (Open a = new Open(files.getPath("/a"), steps);
          Open b = new Open(files.getPath("/b"), steps);
          Open big = new Open(files.getPath("/big"), steps)) {
        for (int i = 0; i < 4; i++) {
          int length = 4096 * (1 + i); // whole sectors, which are not read before
          steps.step(
              () -> {
                a.channel.write(ByteBuffer.wrap(SampleBytes.of(length + 1, length)), 0);
                b.channel.write(ByteBuffer.wrap(SampleBytes.of(length + 2, length)), 0);
                big.channel.write(ByteBuffer.wrap(SampleBytes.of(length + 3, length)), 8192);
              });
          steps.durable(
              () -> {
                place.timer().advance(Duration.ofSeconds(2));
                place.volume().sync(); // has only to tell what the timer could not do
              });
        }
      }
    }
  },
  CLOSE("changes of everything, then an orderly close") {
    @Override
    void run(Place place, Steps steps) throws IOException {
      FileSystem files = place.files();
      steps.step(() -> move(files, "/b", "/d/b"));
      try (Open file = new Open(files.getPath("/a"), steps)) {
        file.write(0, 60_000, 1);
        file.force();
        file.write(60_000, 150_000, 2);
        file.force();
      }
      steps.step(() -> Files.createDirectory(files.getPath("/e")));
      steps.step(() -> Files.delete(files.getPath("/d/x")));
      steps.closed(files::close);
    }
  };

  private final String what;

  NioProgram(String what) {
    this.what = what;
  }

  abstract void run(Place place, Steps steps) throws IOException;

  @Override
  public String toString() {
    return what;
  }

  /** A volume on which a program runs, with its timer in the hands of who runs it. */
  record Place(FileSystem files, SecureFileSystem volume, ManualExecutor timer) {

    static Place open(ElementSession session, Store store) throws IOException {
      ManualExecutor timer = new ManualExecutor();
      SecureFileSystem volume =
          SecureFileSystem.open(session, store, ModelledVolume.options(timer));
      return new Place(Mounted.of(volume), volume, timer);
    }
  }

  /** A closed volume that is prepared. */
  static MemoryStore prepared(ElementSession session) throws IOException {
    MemoryStore store = new MemoryStore();
    try (FileSystem files =
        Mounted.of(SecureFileSystem.create(session, store, ModelledVolume.SMALL))) {
      prepare(files);
    }
    return store;
  }

  /** What is there before: a (10,000 bytes), b (4096), big (300,000), d/x (100). */
  static void prepare(FileSystem files) throws IOException {
    Files.write(files.getPath("/a"), SampleBytes.of(1, 10_000));
    Files.write(files.getPath("/b"), SampleBytes.of(2, 4096));
    Files.write(files.getPath("/big"), SampleBytes.of(3, 300_000));
    Files.createDirectory(files.getPath("/d"));
    Files.write(files.getPath("/d/x"), SampleBytes.of(4, 100));
  }

  private static void move(FileSystem files, String from, String to) throws IOException {
    Files.move(files.getPath(from), files.getPath(to), StandardCopyOption.REPLACE_EXISTING);
  }

  /** What a program tells of itself. */
  interface Steps {

    /** Something that changes the volume in one piece. */
    interface Step {
      void run() throws IOException;
    }

    void step(Step step) throws IOException;

    /** A step after which all that was done before is there for good. */
    void durable(Step step) throws IOException;

    /** The last step, after which the file system cannot be looked at. */
    void closed(Step step) throws IOException;
  }

  /** A file that a program changes. */
  private static final class Open implements AutoCloseable {

    private final Steps steps;
    private final FileChannel channel;

    Open(Path path, Steps steps) throws IOException {
      this.steps = steps;
      channel = FileChannel.open(path, StandardOpenOption.WRITE);
    }

    void write(int position, int length, long seed) throws IOException {
      steps.step(() -> channel.write(ByteBuffer.wrap(SampleBytes.of(seed, length)), position));
    }

    void force() throws IOException {
      steps.durable(() -> channel.force(true));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
