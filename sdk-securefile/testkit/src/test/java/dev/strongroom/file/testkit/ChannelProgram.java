// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * The same random steps on two files through {@link FileChannel}: what is answered, where the
 * channel then stands and what the file holds must be the same after each. The way of fsx.
 */
final class ChannelProgram implements AutoCloseable {

  /** Where anything might go wrong: ends of sectors, of what a header and a tag page describe. */
  private static final long[] BORDERS = {
    0, 4096, 8 * 4096, 32 * 4096, 152 * 4096, 272 * 4096, (1L << 32) - 3000, (1L << 32) + 700_000
  };

  private static final int LARGEST = 70_000;
  private static final int SHOWN = 40;

  private final Random random;
  private final Path expectedFile;
  private Path foundFile;
  private FileChannel expected;
  private FileChannel found;
  private final List<String> trace = new ArrayList<>();
  private final TreeSet<Long> touched = new TreeSet<>();

  /** One step on one of the channels; what it answers is compared. */
  private interface Step {
    Object on(FileChannel channel) throws IOException;
  }

  ChannelProgram(long seed, Path expectedFile, Path foundFile) throws IOException {
    random = new Random(seed);
    this.expectedFile = expectedFile;
    this.foundFile = foundFile;
    expected = open(expectedFile);
    found = open(foundFile);
  }

  private static FileChannel open(Path file, OpenOption... more) throws IOException {
    List<OpenOption> options = new ArrayList<>(List.of(more));
    options.add(StandardOpenOption.CREATE);
    options.add(StandardOpenOption.WRITE);
    if (!options.contains(StandardOpenOption.APPEND)) {
      options.add(StandardOpenOption.READ);
    }
    return FileChannel.open(file, options.toArray(new OpenOption[0]));
  }

  /** What was done last, for a failure's message. */
  String trace() {
    int from = Math.max(0, trace.size() - SHOWN);
    return "step " + from + " on:\n" + String.join("\n", trace.subList(from, trace.size()));
  }

  void steps(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      step();
      same("size", FileChannel::size);
      same("position", FileChannel::position);
    }
    same("size", FileChannel::size);
    compareAll();
  }

  private void step() throws IOException {
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> readAt();
      case 3, 4 -> read();
      case 5, 6, 7 -> writeAt();
      case 8, 9 -> write();
      case 10 -> gather();
      case 11 -> scatter();
      case 12 -> append();
      case 13 -> truncate();
      case 14 -> position();
      case 15 -> transferTo();
      case 16 -> transferFrom();
      case 17 -> force();
      case 18 -> second();
      default -> reopen();
    }
  }

  private void same(String what, Step step) throws IOException {
    Object wanted = step.on(expected);
    Object answer;
    try {
      answer = step.on(found);
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(what + " threw, " + trace(), e);
    }
    assertThat(answer).as("%s, %s", what, trace()).isEqualTo(wanted);
  }

  private void note(String what, Object... values) {
    trace.add(what + " " + Arrays.toString(values));
  }

  // ---- what the steps draw

  private long somewhere() throws IOException {
    long size = expected.size();
    return switch (random.nextInt(8)) {
      case 0 -> size;
      case 1 -> Math.max(0, size - random.nextInt(5000));
      case 2 -> size + random.nextInt(200_000);
      case 3, 4 -> BORDERS[random.nextInt(BORDERS.length)];
      case 5 -> Math.max(0, BORDERS[random.nextInt(BORDERS.length)] - random.nextInt(5000));
      default -> random.nextInt(300 * 4096);
    };
  }

  private int some() {
    return switch (random.nextInt(6)) {
      case 0 -> 1 + random.nextInt(20);
      case 1 -> 4096;
      case 2 -> 4096 * (1 + random.nextInt(10));
      case 3 -> random.nextInt(LARGEST);
      default -> random.nextInt(6000);
    };
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A buffer of some kind, with room or content between its ends. */
  private static ByteBuffer buffer(int kind, byte[] content) {
    ByteBuffer buffer =
        kind % 2 == 0
            ? ByteBuffer.allocateDirect(content.length + 20)
            : ByteBuffer.allocate(content.length + 20);
    buffer.position(kind % 3 * 5);
    buffer.put(content);
    buffer.flip();
    buffer.position(kind % 3 * 5);
    return kind % 5 == 1 ? buffer.slice() : buffer;
  }

  private static String content(ByteBuffer buffer, int count) {
    if (count <= 0) {
      return count + " bytes";
    }
    byte[] read = new byte[count];
    buffer
        .duplicate()
        .flip()
        .limit(buffer.position())
        .position(buffer.position() - count)
        .get(read);
    return count + " bytes, hash " + Arrays.hashCode(read);
  }

  private void touch(long from, long count) {
    for (long at : new long[] {from - 4096, from, from + count - 1, from + count + 4096}) {
      touched.add(Math.max(0, at) / 4096);
    }
  }

  // ---- steps

  private void readAt() throws IOException {
    long at = somewhere();
    int count = some();
    int kind = random.nextInt(30);
    note("read at", at, count);
    same(
        "read at",
        channel -> {
          ByteBuffer target = buffer(kind, new byte[count]);
          return content(target, channel.read(target, at));
        });
  }

  private void read() throws IOException {
    int count = some();
    int kind = random.nextInt(30);
    note("read", count);
    same(
        "read",
        channel -> {
          ByteBuffer target = buffer(kind, new byte[count]);
          return content(target, channel.read(target));
        });
  }

  private void writeAt() throws IOException {
    long at = somewhere();
    byte[] bytes = bytes(some());
    int kind = random.nextInt(30);
    note("write at", at, bytes.length);
    touch(at, bytes.length);
    same("write at", channel -> channel.write(buffer(kind, bytes), at));
  }

  private void write() throws IOException {
    byte[] bytes = bytes(some());
    int kind = random.nextInt(30);
    note("write", expected.position(), bytes.length);
    touch(expected.position(), bytes.length);
    same("write", channel -> channel.write(buffer(kind, bytes)));
  }

  private void gather() throws IOException {
    byte[] first = bytes(some());
    byte[] second = bytes(random.nextInt(3) * 2500);
    byte[] third = bytes(some());
    note("gather", expected.position(), first.length, second.length, third.length);
    touch(expected.position(), (long) first.length + second.length + third.length);
    same(
        "gather",
        channel -> {
          ByteBuffer[] all = {
            buffer(0, bytes(7)), buffer(1, first), buffer(2, second), buffer(3, third)
          };
          return channel.write(all, 1, 3);
        });
  }

  private void scatter() throws IOException {
    int first = some();
    int second = some();
    note("scatter", expected.position(), first, second);
    same(
        "scatter",
        channel -> {
          ByteBuffer[] all = {buffer(2, new byte[first]), buffer(3, new byte[second])};
          long count = channel.read(all);
          String one = content(all[0], all[0].position() - 10);
          return count + ": " + one + ", " + content(all[1], all[1].position());
        });
  }

  private void append() throws IOException {
    byte[] bytes = bytes(some());
    note("append", bytes.length);
    touch(expected.size(), bytes.length);
    for (Path file : List.of(expectedFile, foundFile)) {
      try (FileChannel channel = open(file, StandardOpenOption.APPEND)) {
        channel.position(3);
        int written = channel.write(ByteBuffer.wrap(bytes));
        assertThat(written).isEqualTo(bytes.length);
        assertThat(channel.position()).as(trace()).isEqualTo(channel.size());
      }
    }
  }

  private void truncate() throws IOException {
    long size = somewhere();
    note("truncate", size);
    touch(size, 1);
    same("truncate", channel -> channel.truncate(size) == channel);
  }

  private void position() throws IOException {
    long position = somewhere();
    note("position", position);
    same("position", channel -> channel.position(position) == channel);
  }

  private void transferTo() throws IOException {
    long at = somewhere();
    int count = some();
    note("transfer to", at, count);
    same(
        "transfer to",
        channel -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          long moved = 0;
          long more = 1;
          // It may move less at a time; how much is the implementation's affair.
          while (moved < count && more > 0) {
            more = channel.transferTo(at + moved, count - moved, Channels.newChannel(out));
            moved += more;
          }
          return moved + " bytes, hash " + Arrays.hashCode(out.toByteArray());
        });
  }

  private void transferFrom() throws IOException {
    long at = somewhere();
    byte[] bytes = bytes(some());
    int count = Math.max(0, bytes.length + random.nextInt(20) - 10);
    note("transfer from", at, bytes.length, count);
    touch(at, bytes.length);
    same(
        "transfer from",
        channel -> {
          var source = Channels.newChannel(new ByteArrayInputStream(bytes));
          long moved = 0;
          long more = at <= channel.size() ? 1 : 0; // behind the end nothing is moved
          while (moved < count && more > 0) {
            more = channel.transferFrom(source, at + moved, count - moved);
            moved += more;
          }
          return moved;
        });
  }

  private void force() throws IOException {
    boolean metadata = random.nextBoolean();
    note("force", metadata);
    same(
        "force",
        channel -> {
          channel.force(metadata);
          return "";
        });
  }

  /** Somebody else writes to and reads the file at the same time. */
  private void second() throws IOException {
    long at = somewhere();
    byte[] bytes = bytes(some());
    note("second channel", at, bytes.length);
    touch(at, bytes.length);
    for (Path file : List.of(expectedFile, foundFile)) {
      try (FileChannel channel = open(file)) {
        channel.write(ByteBuffer.wrap(bytes), at);
      }
    }
    same(
        "read what a second channel wrote",
        channel -> {
          ByteBuffer target = ByteBuffer.allocate(bytes.length + 100);
          return content(target, channel.read(target, at));
        });
  }

  private void reopen() throws IOException {
    note("reopen");
    expected.close();
    found.close();
    expected = open(expectedFile);
    found = open(foundFile);
    same("Files.size", channel -> Files.size(channel == expected ? expectedFile : foundFile));
  }

  /** Goes on with the same file in a file system that was closed and opened again. */
  void moved(Path again) throws IOException {
    note("volume reopened");
    foundFile = again;
    found = open(foundFile);
    same("size", FileChannel::size);
    long position = expected.position();
    found.position(position);
    compareAll();
  }

  void closeFound() throws IOException {
    found.close();
  }

  /** Compares what can differ: every sector that was touched or lies beside one. */
  private void compareAll() throws IOException {
    long before = -1;
    for (long sector : touched) {
      if (sector == before) {
        continue;
      }
      before = sector;
      same(
          "sector " + sector,
          channel -> {
            ByteBuffer target = ByteBuffer.allocate(4096);
            return content(target, channel.read(target, sector * 4096));
          });
    }
    for (long at = 0; at < Math.min(expected.size(), 310 * 4096); at += 1 << 18) {
      long from = at;
      same(
          "bytes from " + from,
          channel -> {
            ByteBuffer target = ByteBuffer.allocate(1 << 18);
            return content(target, channel.read(target, from));
          });
    }
  }

  @Override
  public void close() throws IOException {
    expected.close();
    found.close();
  }
}
