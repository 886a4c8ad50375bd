// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * What lies in the volumes of fixtures: files of every size, names, attributes.
 *
 * <p>Thread safety: holds no state; the volumes are confined to one thread.
 */
final class FixtureContent {

  private static final Instant TIME = Instant.ofEpochSecond(1_600_000_000, 7);
  private static final Instant BEFORE_1970 = Instant.ofEpochSecond(-1_000_000_000, 999_999_999);

  private FixtureContent() {}

  static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file = volume.openFile(path, CREATE, WRITE, TRUNCATE_EXISTING)) {
      file.write(content);
    }
  }

  static void patch(SecureFileSystem volume, String path, long at, byte[] content)
      throws IOException {
    try (SecureFile file = volume.openFile(path, CREATE, WRITE)) {
      file.pwrite(at, content, 0, content.length);
    }
  }

  /** A few files of every kind, in less than 30 KiB. */
  static void fill(SecureFileSystem volume) throws IOException {
    volume.createDirectory("/d");
    put(volume, "/d/f", SampleBytes.of(1, 5000));
    put(volume, "/d/g", SampleBytes.of(2, 100));
    put(volume, "/h", SampleBytes.of(3, 4096));
    volume.createSymbolicLink("/link", "d/f");
    volume.setUserAttribute("/d/f", "short", new byte[] {1, 2, 3});
    volume.setUserAttribute("/d/g", "long", SampleBytes.of(4, 5000)); // needs a stream
  }

  static void sizes(SecureFileSystem volume) throws IOException {
    for (int size : new int[] {0, 1, 4095, 4096, 4097}) {
      put(volume, "/" + size, SampleBytes.of(size, size));
    }
    put(volume, "/grown", SampleBytes.of(10, 100));
    patch(volume, "/grown", 200, SampleBytes.of(11, 100));
    put(volume, "/cut", SampleBytes.of(12, 8192));
    try (SecureFile file = volume.openFile("/cut", WRITE)) {
      file.truncate(4100);
    }
    try (SecureFile file = volume.openFile("/holes", CREATE, WRITE)) {
      file.truncate(1_000_000);
      for (long at : new long[] {4096 * 31, 4096 * 32, 4096 * 152}) {
        file.pwrite(at, SampleBytes.of(at, 50), 0, 50);
      }
    }
    try (SecureFile file = volume.openFile("/nothing but a hole", CREATE, WRITE)) {
      file.truncate(1L << 40);
      file.truncate(300_000);
    }
    put(volume, "/zeros", new byte[4096]);
    put(volume, "/replaced", SampleBytes.of(13, 300));
    put(volume, "/replaced", SampleBytes.of(14, 200));
    put(volume, "/removed", SampleBytes.of(15, 300));
    volume.delete("/removed");
    put(volume, "/before", SampleBytes.of(16, 300));
    volume.rename("/before", "/after");
  }

  /** Odd names, and so many long ones that the directory's pages are split. */
  static void names(SecureFileSystem volume) throws IOException {
    volume.createDirectory("/names");
    for (String name :
        List.of(
            " ", "...", "\u00e4", "e\u0301", "\ud83d\udd12", "a\nb", "\\", "-", "CON", "\u0001")) {
      put(volume, "/names/" + name, new byte[0]);
    }
    volume.createDirectory("/names/many");
    for (int i = 0; i < 16; i++) {
      put(volume, "/names/many/" + i + " " + "x".repeat(240), new byte[0]);
    }
    volume.delete("/names/many/7 " + "x".repeat(240));
    volume.createDirectory("/names/deep");
    volume.createDirectory("/names/deep/er");
    put(volume, "/names/deep/er/f", new byte[1]);
    volume.createSymbolicLink("/names/absolute", "/names/deep/er/f");
    volume.createSymbolicLink("/names/nowhere", "../none/" + "y".repeat(1000));
  }

  static void attributes(SecureFileSystem volume) throws IOException {
    put(volume, "/attributes", SampleBytes.of(17, 10));
    volume.setUserAttribute("/attributes", "empty", new byte[0]);
    volume.setUserAttribute("/attributes", "\u00e4 name", new byte[] {0, 1, 2});
    put(volume, "/stream", SampleBytes.of(18, 10));
    volume.setUserAttribute("/stream", "long", SampleBytes.of(19, 6000));
    volume.setUserAttribute("/stream", "short", new byte[] {9});
    volume.setUserAttribute("/names", "of a directory", new byte[] {3});
    volume.setMode("/attributes", 07777);
    volume.setMode("/stream", 0);
    volume.setOwner("/stream", 17, 18);
    volume.setTimes("/stream", TIME, TIME.plusNanos(1), TIME.plusNanos(2));
    volume.setTimes("/names/deep", BEFORE_1970, BEFORE_1970, BEFORE_1970);
    volume.setTimes("/names/absolute", TIME, TIME, TIME, NOFOLLOW_LINKS);
  }
}
