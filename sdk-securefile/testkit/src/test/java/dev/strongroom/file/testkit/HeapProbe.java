// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A process that writes and reads a known pattern, then dumps its live heap: once with the volume
 * open, once after everything was closed.
 */
final class HeapProbe {

  /** Length of the pattern that fills the file. */
  static final int PATTERN = 64;

  private static final int LENGTH = 200_000;

  /** Reachable to the end, so that only wiping can have removed the pattern from it. */
  private static final List<Object> HELD = new ArrayList<>();

  private HeapProbe() {}

  /** The pattern; whoever makes it has to wipe it. Computed, so that no constant has it. */
  static void pattern(byte[] target) {
    int state = 0x2545F491;
    byte[] unit = new byte[PATTERN];
    for (int i = 0; i < PATTERN; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      unit[i] = (byte) state;
    }
    for (int i = 0; i < target.length; i++) {
      target[i] = unit[i % PATTERN];
    }
    Arrays.fill(unit, (byte) 0);
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    if (arguments[1].equals("file system")) {
      throughChannels(folder);
      return;
    }
    try (TestElement element = TestElement.create()) {
      ElementSession session = element.login();
      SecureFileSystem volume =
          SecureFileSystem.create(session, folder.resolve("volume"), VolumeOptions.defaults());
      byte[] buffer = new byte[LENGTH];
      SecureFile file =
          volume.openFile(
              "a", StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      pattern(buffer);
      file.write(buffer);
      file.sync();
      pattern(buffer);
      file.pwrite(100_000, buffer, 0, 50_000);
      int count = file.pread(0, buffer, 0, LENGTH);
      Arrays.fill(buffer, (byte) 0);
      System.out.println("read " + count);
      dump(folder.resolve("open.hprof"));
      file.close();
      SecureFile again = volume.openFile("a", StandardOpenOption.READ);
      count = again.pread(5, buffer, 0, LENGTH);
      Arrays.fill(buffer, (byte) 0);
      System.out.println("read again " + count);
      HELD.addAll(List.of(file, again, volume, session, buffer));
      if (arguments[1].equals("session")) {
        session.close();
      } else {
        again.close();
        volume.close();
      }
      dump(folder.resolve("closed.hprof"));
      System.out.println("held " + HELD.size());
      session.close();
    }
  }

  /** The same through buffers that are no arrays, whose content is not in the heap. */
  private static void throughChannels(Path folder) throws Exception {
    try (TestElement element = TestElement.create();
        ElementSession session = element.login()) {
      FileSystem files =
          FileSystems.newFileSystem(
              URI.create("strongroom:" + folder.resolve("volume")),
              Map.of("session", session, "create", "true"));
      byte[] content = new byte[LENGTH];
      pattern(content);
      ByteBuffer buffer = ByteBuffer.allocateDirect(LENGTH).put(content).flip();
      Arrays.fill(content, (byte) 0);
      FileChannel channel =
          FileChannel.open(
              files.getPath("/a"),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE);
      channel.write(buffer);
      channel.write(buffer.duplicate().position(0).asReadOnlyBuffer(), LENGTH);
      buffer.clear();
      System.out.println("read " + channel.read(buffer, 0));
      dump(folder.resolve("open.hprof"));
      channel.truncate(LENGTH);
      Files.copy(files.getPath("/a"), files.getPath("/b"));
      buffer.clear();
      try (FileChannel copy = FileChannel.open(files.getPath("/b"))) {
        copy.transferTo(0, LENGTH, channel);
        System.out.println("read again " + copy.read(buffer, 5));
      }
      HELD.addAll(List.of(channel, buffer, files, session));
      files.close();
      // What is no longer used counts too: a copy that nobody zeroed stays until it is overwritten.
      dump(folder.resolve("closed.hprof"), false);
      System.out.println("held " + HELD.size());
    }
  }

  private static void dump(Path file) throws ReflectiveOperationException {
    dump(file, true);
  }

  /** By reflection, since the modules of these tests do not read the one that has it. */
  private static void dump(Path file, boolean live) throws ReflectiveOperationException {
    Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getPlatformMXBean", Class.class)
            .invoke(null, type);
    type.getMethod("dumpHeap", String.class, boolean.class).invoke(bean, file.toString(), live);
  }
}
