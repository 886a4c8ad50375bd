// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files, directories and links made, listed, copied, moved and deleted.
 *
 * <p>Thread safety: confined to one thread.
 */
@SuppressWarnings({
  "NullAway",
  "StreamResourceLeak",
  "ReturnValueIgnored"
}) // misuse is a part of what is compared
final class NameScenarios extends Scenarios {

  /** What may stand at either end of a copy or move. */
  private enum Thing {
    NOTHING,
    FILE,
    EMPTY_DIRECTORY,
    FULL_DIRECTORY,
    LINK_TO_FILE,
    LINK_TO_DIRECTORY,
    DANGLING_LINK;

    void make(Path root, String name) throws IOException {
      Path path = root.resolve(name);
      switch (this) {
        case NOTHING -> {}
        case FILE -> Files.write(path, ("content of " + name).getBytes(UTF_8));
        case EMPTY_DIRECTORY -> Files.createDirectory(path);
        case FULL_DIRECTORY ->
            Files.write(Files.createDirectory(path).resolve("in"), name.getBytes(UTF_8));
        case LINK_TO_FILE -> {
          Files.write(root.resolve(name + ".file"), "linked".getBytes(UTF_8));
          link(root, name, name + ".file");
        }
        case LINK_TO_DIRECTORY -> {
          Files.createDirectory(root.resolve(name + ".dir"));
          link(root, name, name + ".dir");
        }
        case DANGLING_LINK -> link(root, name, "nowhere");
      }
    }
  }

  NameScenarios() {
    for (Thing from : Thing.values()) {
      for (Thing to : Thing.values()) {
        for (CopyOption[] options :
            new CopyOption[][] {
              {},
              {REPLACE_EXISTING},
              {NOFOLLOW_LINKS},
              {REPLACE_EXISTING, NOFOLLOW_LINKS},
              {REPLACE_EXISTING, COPY_ATTRIBUTES}
            }) {
          add(
              "copy " + from + " to " + to + " " + List.of(options),
              root -> {
                from.make(root, "a");
                to.make(root, "b");
                return outcome(
                    root, () -> Files.copy(root.resolve("a"), root.resolve("b"), options));
              });
        }
        for (CopyOption[] options : new CopyOption[][] {{}, {REPLACE_EXISTING}, {ATOMIC_MOVE}}) {
          add(
              "move " + from + " to " + to + " " + List.of(options),
              root -> {
                from.make(root, "a");
                to.make(root, "b");
                return outcome(
                    root, () -> Files.move(root.resolve("a"), root.resolve("b"), options));
              });
        }
      }
      onOne(from);
    }
    special();
    listing();
  }

  private void onOne(Thing thing) {
    one("copy to itself", thing, p -> Files.copy(p, p));
    one("copy to itself, replacing", thing, p -> Files.copy(p, p, REPLACE_EXISTING));
    one("move to itself", thing, p -> Files.move(p, p));
    one("move to itself, replacing", thing, p -> Files.move(p, p, REPLACE_EXISTING));
    one("move to itself atomically", thing, p -> Files.move(p, p, ATOMIC_MOVE));
    one("move into a missing directory", thing, p -> Files.move(p, p.resolveSibling("m/x")));
    one("copy into a missing directory", thing, p -> Files.copy(p, p.resolveSibling("m/x")));
    one("move into itself", thing, p -> Files.move(p, p.resolve("x")));
    one(
        "delete",
        thing,
        p -> {
          Files.delete(p);
          return "";
        });
    one("delete if it exists", thing, p -> Files.deleteIfExists(p));
    one("make a directory", thing, p -> Files.createDirectory(p));
    one("make directories", thing, p -> Files.createDirectories(p.resolve("x/y")));
    one("make a file", thing, p -> Files.createFile(p));
    one("make a link", thing, p -> Files.createSymbolicLink(p, p.getFileSystem().getPath("t")));
    one("read a link", thing, p -> Files.readSymbolicLink(p));
    one("exists", thing, p -> Files.exists(p));
    one("exists itself", thing, p -> Files.exists(p, NOFOLLOW_LINKS));
    one("not exists", thing, p -> Files.notExists(p));
    one("is directory", thing, p -> Files.isDirectory(p));
    one("is directory itself", thing, p -> Files.isDirectory(p, NOFOLLOW_LINKS));
    one("is regular", thing, p -> Files.isRegularFile(p));
    one("is regular itself", thing, p -> Files.isRegularFile(p, NOFOLLOW_LINKS));
    one("is link", thing, p -> Files.isSymbolicLink(p));
    one("is readable", thing, p -> Files.isReadable(p));
    one("is writable", thing, p -> Files.isWritable(p));
    one("is executable", thing, p -> Files.isExecutable(p));
    one("is hidden", thing, p -> Files.isHidden(p));
    one(
        "list",
        thing,
        p -> {
          try (Stream<Path> all = Files.list(p)) {
            return all.sorted().toList();
          }
        });
    one(
        "is the same as through a parent",
        thing,
        p -> Files.isSameFile(p, p.resolveSibling("../" + p.getParent().getFileName() + "/a")));
    one("is the same as another", thing, p -> Files.isSameFile(p, p.resolveSibling("b")));
    one("real path", thing, p -> p.toRealPath());
    one("real path itself", thing, p -> p.toRealPath(NOFOLLOW_LINKS));
    one(
        "copy from a stream",
        thing,
        p -> Files.copy(new java.io.ByteArrayInputStream(new byte[] {1, 2, 3}), p));
    one(
        "copy from a stream, replacing",
        thing,
        p ->
            Files.copy(
                new java.io.ByteArrayInputStream(new byte[] {1, 2, 3}), p, REPLACE_EXISTING));
    one("file store", thing, p -> Files.getFileStore(p).supportsFileAttributeView("posix"));
    one(
        "file kept, with a trailing slash",
        thing,
        p -> Files.exists(p.getFileSystem().getPath(p + "/")));
  }

  /** Something done with a path. */
  @FunctionalInterface
  private interface Deed {
    Object with(Path path) throws Exception;
  }

  private void one(String what, Thing thing, Deed deed) {
    add(
        what + ": " + thing,
        root -> {
          thing.make(root, "a");
          return outcome(root, () -> deed.with(root.resolve("a")));
        });
  }

  private void special() {
    add(
        "copy: an unknown option",
        root -> {
          Thing.FILE.make(root, "a");
          return Files.copy(root.resolve("a"), root.resolve("b"), new CopyOption() {});
        });
    add(
        "copy: atomically",
        root -> {
          Thing.FILE.make(root, "a");
          return Files.copy(root.resolve("a"), root.resolve("b"), ATOMIC_MOVE);
        });
    add(
        "move: with attributes",
        root -> {
          Thing.FILE.make(root, "a");
          return Files.move(root.resolve("a"), root.resolve("b"), COPY_ATTRIBUTES);
        });
    add(
        "move: a directory with all that is in it",
        root -> {
          Files.createDirectories(root.resolve("a/b/c"));
          Files.write(root.resolve("a/b/c/f"), new byte[3]);
          Files.createDirectory(root.resolve("z"));
          Files.move(root.resolve("a"), root.resolve("z/a"));
          return tree(root);
        });
    add(
        "move: the volume's root",
        root -> Files.move(root.getRoot(), root.resolve("x")).getClass());
    add(
        "copy: a large file",
        root -> {
          byte[] content = new byte[1_234_567];
          new java.util.Random(7).nextBytes(content);
          Files.write(root.resolve("a"), content);
          Files.copy(root.resolve("a"), root.resolve("b"));
          return Files.readAllBytes(root.resolve("b"));
        });
    add(
        "copy: to a stream",
        root -> {
          Thing.FILE.make(root, "a");
          java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
          return Files.copy(root.resolve("a"), out) + out.toString(UTF_8);
        });
    add(
        "links: a hard link",
        root -> {
          Thing.FILE.make(root, "a");
          return Files.createLink(root.resolve("b"), root.resolve("a"));
        });
    add(
        "links: a loop",
        root -> {
          link(root, "a", "b");
          link(root, "b", "a");
          return Files.size(root.resolve("a"));
        });
    add(
        "links: a loop is made into",
        root -> {
          link(root, "a", "b");
          link(root, "b", "a");
          return Files.write(root.resolve("a"), new byte[1]);
        });
    add(
        "links: a loop on the way",
        root -> {
          link(root, "a", "a");
          return Files.createFile(root.resolve("a/x"));
        });
    add(
        "links: a chain",
        root -> {
          Thing.FILE.make(root, "f");
          link(root, "l0", "f");
          for (int i = 1; i < 30; i++) {
            link(root, "l" + i, "l" + (i - 1));
          }
          return Files.readString(root.resolve("l29"));
        });
    add(
        "links: through a directory and back",
        root -> {
          Files.createDirectories(root.resolve("a/b"));
          Files.write(root.resolve("a/f"), new byte[5]);
          link(root, "l", "a/b");
          return Files.size(root.resolve("l/../f"));
        });
    add(
        "links: an absolute target",
        root -> {
          Thing.FILE.make(root, "f");
          Files.createSymbolicLink(root.resolve("l"), root.resolve("f"));
          return Files.readString(root.resolve("l"))
              + Files.readSymbolicLink(root.resolve("l")).equals(root.resolve("f"));
        });
    add(
        "links: a target kept as it is given",
        root -> {
          link(root, "l", "../x/./y");
          return Files.readSymbolicLink(root.resolve("l")).toString();
        });
    add(
        "links: an empty target",
        root -> {
          link(root, "l", "");
          return "";
        });
    add("create: a file with a name of dots", root -> Files.createFile(root.resolve("...")));
    add("create: a directory called .", root -> Files.createDirectory(root.resolve(".")));
    add("create: a directory called ..", root -> Files.createDirectory(root.resolve("..")));
    add(
        "delete: what ends with .",
        root -> {
          Files.createDirectory(root.resolve("a"));
          Files.delete(root.resolve("a/."));
          return "";
        });
    add(
        "delete: what ends with ..",
        root -> {
          Files.createDirectories(root.resolve("a/b"));
          Files.delete(root.resolve("a/b/.."));
          return "";
        });
    add("create: directories that are there", root -> Files.createDirectories(root));
    add(
        "create: temporary files",
        root -> {
          Path file = Files.createTempFile(root, "pre", ".post");
          Path directory = Files.createTempDirectory(root, "pre");
          return List.of(
              file.getFileName().toString().matches("pre\\d+\\.post"),
              directory.getFileName().toString().matches("pre\\d+"),
              Files.isDirectory(directory));
        });
    add("walk: a tree", NameScenarios::tree);
    add(
        "walk: with links",
        root -> {
          Files.createDirectories(root.resolve("a/b"));
          link(root, "a/b/up", "..");
          try (Stream<Path> all = Files.walk(root, java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
            return all.count();
          } catch (java.io.UncheckedIOException e) {
            return e.getCause().getClass();
          }
        });
    add(
        "walk: delete a tree",
        root -> {
          Files.createDirectories(root.resolve("a/b/c"));
          Files.write(root.resolve("a/b/f"), new byte[3]);
          link(root, "a/l", "b");
          Files.walkFileTree(
              root.resolve("a"),
              new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                    throws IOException {
                  Files.delete(file);
                  return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e)
                    throws IOException {
                  Files.delete(directory);
                  return FileVisitResult.CONTINUE;
                }
              });
          return tree(root);
        });
  }

  private void listing() {
    add(
        "directory stream: globs",
        root -> {
          for (String name : List.of("a.java", "b.java", "c.class", ".hidden", "d")) {
            Files.createFile(root.resolve(name));
          }
          List<Object> all = new ArrayList<>();
          for (String glob : List.of("*", "*.java", "*.{java,class}", "?", ".*", "[a-b]*", "x*")) {
            List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(root, glob)) {
              stream.forEach(path -> names.add(path.getFileName().toString()));
            }
            all.add(names.stream().sorted().toList());
          }
          return all;
        });
    add("directory stream: of nothing", root -> Files.newDirectoryStream(root.resolve("a")));
    add(
        "directory stream: of a file",
        root -> Files.newDirectoryStream(Files.createFile(root.resolve("a"))));
    add(
        "directory stream: a second iterator",
        root -> {
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            stream.iterator();
            return stream.iterator();
          }
        });
    add(
        "directory stream: an iterator after closing",
        root -> {
          DirectoryStream<Path> stream = Files.newDirectoryStream(root);
          stream.close();
          stream.close();
          return stream.iterator();
        });
    add(
        "directory stream: beyond the end",
        root -> {
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            return stream.iterator().next();
          }
        });
    add(
        "directory stream: removing",
        root -> {
          Files.createFile(root.resolve("a"));
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            Iterator<Path> all = stream.iterator();
            all.next();
            all.remove();
            return "";
          }
        });
    add(
        "directory stream: a filter that fails",
        root -> {
          Files.createFile(root.resolve("a"));
          try (DirectoryStream<Path> stream =
              Files.newDirectoryStream(
                  root,
                  path -> {
                    throw new IOException("filter");
                  })) {
            return stream.iterator().hasNext();
          }
        });
    add(
        "directory stream: of a relative directory",
        root -> {
          Files.createFile(root.resolve("a"));
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.resolve("."))) {
            return stream.iterator().next();
          }
        });
    add(
        "directory stream: many names",
        root -> {
          for (int i = 0; i < 300; i++) {
            Files.createFile(root.resolve("name" + i));
          }
          try (Stream<Path> all = Files.list(root)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList().hashCode();
          }
        });
    add(
        "directory stream: NFC and other letters",
        root -> {
          Files.createFile(root.resolve("\u00e4\u4e2d\ud83d\ude00"));
          try (Stream<Path> all = Files.list(root)) {
            return all.toList();
          }
        });
    add(
        "open: two kinds of one name",
        root -> {
          Files.newByteChannel(root.resolve("a"), WRITE, CREATE_NEW).close();
          return Files.createDirectory(root.resolve("a"));
        });
  }

  private static void link(Path root, String name, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(name), root.getFileSystem().getPath(target));
  }

  private static Object outcome(Path root, java.util.concurrent.Callable<Object> deed)
      throws Exception {
    Object answer;
    try {
      answer = deed.call();
    } catch (java.nio.file.FileSystemException e) {
      answer = e.getClass().getSimpleName();
    } catch (RuntimeException e) {
      answer = e.getClass().getSimpleName();
    }
    return List.of(answer, tree(root));
  }

  private static Object tree(Path root) throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        String kind = "directory";
        if (Files.isSymbolicLink(path)) {
          kind = "link to " + Files.readSymbolicLink(path);
        } else if (Files.isRegularFile(path)) {
          kind = Files.readString(path, java.nio.charset.StandardCharsets.ISO_8859_1);
        }
        all.add(root.relativize(path) + ": " + kind);
      }
    }
    return all.stream().sorted().toList();
  }
}
