// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What goes to and fro between the file system and a folder of the default one.
 *
 * <p>Thread safety: confined to one thread.
 */
final class BetweenScenarios extends Scenarios {

  private static final FileTime TIME = FileTime.from(Instant.parse("2001-02-03T04:05:06.123456Z"));

  private final Path outside;
  private int folders;

  BetweenScenarios(Path outside) {
    this.outside = outside;
    for (String direction : List.of("in", "out")) {
      boolean in = direction.equals("in");
      way("copy " + direction, in, (from, to) -> Files.copy(from, to));
      way(
          "copy " + direction + " with attributes",
          in,
          (from, to) -> Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES));
      way("move " + direction, in, (from, to) -> Files.move(from, to));
      way(
          "copy " + direction + " over another",
          in,
          (from, to) -> {
            Files.writeString(to, "old");
            return Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
          });
      way(
          "copy " + direction + ", taken",
          in,
          (from, to) -> {
            Files.writeString(to, "old");
            return Files.copy(from, to);
          });
      way(
          "move " + direction + ", taken",
          in,
          (from, to) -> {
            Files.writeString(to, "old");
            return Files.move(from, to);
          });
      way(
          "move " + direction + " over another",
          in,
          (from, to) -> {
            Files.writeString(to, "old");
            return Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
          });
      way(
          "transferTo " + direction,
          in,
          (from, to) -> {
            try (FileChannel source = FileChannel.open(from);
                FileChannel target =
                    FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
              return source.transferTo(1000, 1 << 20, target) + " " + target.position();
            }
          });
      way(
          "transferFrom " + direction,
          in,
          (from, to) -> {
            try (FileChannel source = FileChannel.open(from);
                FileChannel target =
                    FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
              return target.transferFrom(source.position(5), 0, 1 << 20) + " " + source.position();
            }
          });
      way("same file " + direction, in, (from, to) -> Files.isSameFile(from, Files.createFile(to)));
      way(
          "mismatch " + direction,
          in,
          (from, to) -> {
            Files.copy(from, to);
            Files.write(to, new byte[] {1}, StandardOpenOption.APPEND);
            return Files.mismatch(from, to);
          });
      for (CopyOption[] options : new CopyOption[][] {{}, {StandardCopyOption.REPLACE_EXISTING}}) {
        tree("tree " + direction + " " + List.of(options), in, options);
      }
    }
    add(
        "between: from a stream",
        root -> {
          long copied = Files.copy(new ByteArrayInputStream(new byte[300_000]), root.resolve("f"));
          return copied + " " + Files.size(root.resolve("f"));
        });
    add(
        "between: from a stream, taken",
        root ->
            Files.copy(new ByteArrayInputStream(new byte[3]), Files.createFile(root.resolve("f"))));
    add(
        "between: to a stream",
        root -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          Files.copy(large(root), out);
          return out.toByteArray();
        });
  }

  @FunctionalInterface
  private interface Way {
    Object go(Path from, Path to) throws Exception;
  }

  private Path folder() throws IOException {
    return Files.createDirectory(outside.resolve("between" + folders++));
  }

  private static Path large(Path folder) throws IOException {
    Path file = Files.write(folder.resolve("large"), SampleBytes.of(3, 200_000));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r---w-"));
    return Files.setLastModifiedTime(file, TIME);
  }

  private void way(String name, boolean in, Way way) {
    add(
        "between: " + name,
        root -> {
          Path other = folder();
          Path from = large(in ? other : root);
          Path to = (in ? root : other).resolve("t");
          List<Object> seen = new ArrayList<>();
          try {
            Object answer = way.go(from, to);
            seen.add(answer instanceof Path path ? path.equals(to) : answer);
          } catch (java.nio.file.FileSystemException e) {
            seen.add(e.getClass().getSimpleName() + e.getFile().equals(to.toString()));
          }
          seen.add(Files.exists(from));
          seen.add(Files.readAllBytes(to));
          seen.add(Files.getLastModifiedTime(to).equals(TIME));
          return seen;
        });
  }

  /** Names and kinds after every file, directory and link of a tree was copied on its own. */
  private void tree(String name, boolean in, CopyOption... options) {
    add(
        "between: " + name,
        root -> {
          Path other = folder();
          Path from = Files.createDirectories((in ? other : root).resolve("from"));
          Path to = (in ? root : other).resolve("to");
          Files.createDirectories(from.resolve("a/b"));
          Files.writeString(from.resolve("a/f"), "f");
          Files.writeString(from.resolve("a/b/\u00e4"), "umlaut");
          Files.createSymbolicLink(from.resolve("a/l"), from.getFileSystem().getPath("f"));
          List<Object> seen = new ArrayList<>();
          try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all.sorted()::iterator) {
              Path target = to.resolve(from.relativize(path).toString());
              try {
                Files.copy(path, target, options);
              } catch (IOException e) {
                seen.add(from.relativize(path) + " " + e.getClass().getSimpleName());
              }
            }
          }
          try (Stream<Path> all = Files.walk(to)) {
            all.sorted()
                .forEach(
                    path ->
                        seen.add(
                            to.relativize(path)
                                + (Files.isSymbolicLink(path) ? " link" : "")
                                + (Files.isDirectory(path) ? " directory" : "")));
          }
          return seen;
        });
  }
}
