// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Volumes, elements and transient files as a release left them, in a ZIP file, and what must be
 * found in them, in a text: {@code [heading]}, and lines that belong to it.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Fixture {

  private static final int BLOCK = 4096;
  private static final long DATE = 1_767_225_600_000L;

  final Path folder;
  private final Map<String, List<String>> expected;

  private Fixture(Path folder, Map<String, List<String>> expected) {
    this.folder = folder;
    this.expected = expected;
  }

  /** Copies what a release left to a folder. */
  static Fixture unpack(String release, String name, Path folder) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(resource(release, name + ".zip"))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.resolve("..").normalize());
          copySparse(zip, target);
        }
      }
    }
    Map<String, List<String>> expected = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    try (InputStream text = resource(release, name + ".txt")) {
      for (String line : new String(text.readAllBytes(), UTF_8).lines().toList()) {
        if (line.startsWith("[")) {
          lines = new ArrayList<>();
          expected.put(line.substring(1, line.length() - 1), lines);
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          lines.add(line);
        }
      }
    }
    return new Fixture(folder, expected);
  }

  private static InputStream resource(String release, String name) throws IOException {
    InputStream found = Fixture.class.getResourceAsStream("compatibility/" + release + "/" + name);
    if (found == null) {
      throw new IOException("there is no fixture " + release + "/" + name);
    }
    return found;
  }

  private static void copySparse(InputStream from, Path to) throws IOException {
    byte[] zeros = new byte[BLOCK];
    try (FileChannel file =
        FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long at = 0;
      for (byte[] block = from.readNBytes(BLOCK);
          block.length > 0;
          block = from.readNBytes(BLOCK)) {
        at += block.length;
        if (!Arrays.equals(block, 0, block.length, zeros, 0, block.length)) {
          file.write(ByteBuffer.wrap(block), at - block.length);
        }
      }
      if (file.size() < at) {
        file.write(ByteBuffer.allocate(1), at - 1);
      }
    }
  }

  /** Puts a folder into a ZIP file, and what must be found in it beside it; neither may exist. */
  static void pack(Path folder, Path target, String name, Map<String, List<String>> expected)
      throws IOException {
    try (Stream<Path> walk = Files.walk(folder);
        ZipOutputStream zip =
            new ZipOutputStream(
                Files.newOutputStream(
                    target.resolve(name + ".zip"), StandardOpenOption.CREATE_NEW))) {
      zip.setLevel(Deflater.BEST_COMPRESSION);
      for (Path each : walk.sorted().toList()) {
        boolean directory = Files.isDirectory(each);
        ZipEntry entry = new ZipEntry(folder.relativize(each).toString() + (directory ? "/" : ""));
        if (each.equals(folder)) {
          continue;
        }
        entry.setTime(DATE);
        zip.putNextEntry(entry);
        if (!directory) {
          Files.copy(each, zip);
        }
        zip.closeEntry();
      }
    }
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, List<String>> each : expected.entrySet()) {
      lines.add("[" + each.getKey() + "]");
      lines.addAll(each.getValue());
      lines.add("");
    }
    Files.write(target.resolve(name + ".txt"), lines, UTF_8, StandardOpenOption.CREATE_NEW);
  }

  /** What must be found under a heading. */
  List<String> expected(String heading) {
    List<String> lines = expected.get(heading);
    if (lines == null) {
      throw new AssertionError("nothing is expected of " + heading);
    }
    return lines;
  }

  /** Whether something is said under a heading. */
  boolean has(String heading) {
    return expected.containsKey(heading);
  }

  Path path(String name) {
    return folder.resolve(name);
  }
}
