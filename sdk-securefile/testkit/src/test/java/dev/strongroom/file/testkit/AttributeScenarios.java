// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Attributes read and set, file stores, and what a watch service tells.
 *
 * <p>Thread safety: confined to one thread.
 */
final class AttributeScenarios extends Scenarios {

  private static final FileTime TIME =
      FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));
  private static final FileTime OLD = FileTime.from(Instant.parse("1951-02-03T04:05:06.5Z"));

  AttributeScenarios() {
    times();
    permissions();
    byName();
    views();
    user();
    stores();
    watching();
  }

  private static Path file(Path root) throws IOException {
    return Files.write(root.resolve("f"), "0123456789".getBytes(UTF_8));
  }

  private static Path link(Path root, String target) throws IOException {
    Path link = root.resolve("l");
    return Files.createSymbolicLink(link, root.getFileSystem().getPath(target));
  }

  private void times() {
    add(
        "times: of modification",
        root -> Files.getLastModifiedTime(Files.setLastModifiedTime(file(root), TIME)));
    add(
        "times: of a directory",
        root -> Files.getLastModifiedTime(Files.setLastModifiedTime(root, TIME)));
    add("times: of nothing", root -> Files.setLastModifiedTime(root.resolve("f"), TIME));
    add("times: below a file", root -> Files.setLastModifiedTime(file(root).resolve("x"), TIME));
    add("times: of a loop", root -> Files.setLastModifiedTime(link(root, "l"), TIME));
    add(
        "times: relative path",
        root -> Files.setLastModifiedTime(root.getFileSystem().getPath("no such", "file"), TIME));
    add(
        "times: of access",
        root -> {
          Path file = file(root);
          Files.setAttribute(file, "lastAccessTime", TIME);
          return Files.getAttribute(file, "lastAccessTime");
        });
    add(
        "times: both at once, others kept",
        root -> {
          Path file = file(root);
          BasicFileAttributeView view =
              Files.getFileAttributeView(file, BasicFileAttributeView.class);
          view.setTimes(TIME, OLD, null);
          view.setTimes(null, TIME, null);
          BasicFileAttributes attributes = view.readAttributes();
          return List.of(attributes.lastModifiedTime(), attributes.lastAccessTime());
        });
    add(
        "times: through a link",
        root -> {
          Path file = file(root);
          Files.setLastModifiedTime(link(root, "f"), TIME);
          return Files.getLastModifiedTime(file);
        });
    add(
        "times: of a link itself",
        root -> {
          Path file = file(root);
          Path link = link(root, "f");
          Files.getFileAttributeView(link, BasicFileAttributeView.class, NOFOLLOW_LINKS)
              .setTimes(TIME, null, null);
          return List.of(
              Files.getLastModifiedTime(link, NOFOLLOW_LINKS)
                  .toInstant()
                  .truncatedTo(java.time.temporal.ChronoUnit.MICROS),
              Files.getLastModifiedTime(file).equals(TIME));
        });
    add(
        "times: a write moves them",
        root -> {
          Path file = Files.setLastModifiedTime(file(root), TIME);
          Files.write(file, new byte[3]);
          return Files.getLastModifiedTime(file).compareTo(TIME) > 0;
        });
    add(
        "times: a read moves no modification",
        root -> {
          Path file = Files.setLastModifiedTime(file(root), TIME);
          Files.readAllBytes(file);
          return Files.getLastModifiedTime(file);
        });
    add(
        "times: a new name moves its directory",
        root -> {
          Files.setLastModifiedTime(root, TIME);
          file(root);
          return Files.getLastModifiedTime(root).compareTo(TIME) > 0;
        });
    add(
        "times: a deleted name moves its directory",
        root -> {
          file(root);
          Files.setLastModifiedTime(root, TIME);
          Files.delete(root.resolve("f"));
          return Files.getLastModifiedTime(root).compareTo(TIME) > 0;
        });
    add(
        "times: a move keeps them",
        root ->
            Files.getLastModifiedTime(
                Files.move(Files.setLastModifiedTime(file(root), TIME), root.resolve("g"))));
    add(
        "times: a copy has its own",
        root ->
            Files.getLastModifiedTime(
                    Files.copy(Files.setLastModifiedTime(file(root), TIME), root.resolve("g")))
                .equals(TIME));
    add(
        "times: a copy with attributes keeps them",
        root ->
            Files.getLastModifiedTime(
                    Files.copy(
                        Files.setLastModifiedTime(file(root), TIME),
                        root.resolve("g"),
                        StandardCopyOption.COPY_ATTRIBUTES))
                .toInstant()
                .truncatedTo(java.time.temporal.ChronoUnit.MICROS));
  }

  private void permissions() {
    for (String bits : List.of("rwxrwxrwx", "---------", "rw-r-----", "r-x--x--x")) {
      add(
          "permissions: " + bits,
          root ->
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(
                      Files.setPosixFilePermissions(
                          file(root), PosixFilePermissions.fromString(bits)))));
      FileAttribute<?> attribute =
          PosixFilePermissions.asFileAttribute(
              PosixFilePermissions.fromString(
                  bits.replace('w', 'r').equals("---------") ? "r--------" : "rwx------"));
      add(
          "permissions: of a new file, " + bits,
          root ->
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(Files.createFile(root.resolve("f"), attribute))));
      add(
          "permissions: of a new directory, " + bits,
          root ->
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(
                      Files.createDirectory(root.resolve("f"), attribute))));
    }
    add(
        "permissions: of a copy",
        root ->
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(
                    Files.copy(
                        Files.setPosixFilePermissions(
                            file(root), PosixFilePermissions.fromString("r-x------")),
                        root.resolve("g")))));
    add(
        "permissions: executable",
        root ->
            Files.isExecutable(
                Files.setPosixFilePermissions(
                    file(root), PosixFilePermissions.fromString("rwx------"))));
    add(
        "permissions: set of a wrong kind",
        root -> {
          Files.setAttribute(file(root), "posix:permissions", Set.of("x"));
          return "";
        });
    add(
        "permissions: at creation, an unknown attribute",
        root -> Files.createFile(root.resolve("f"), new Attribute("user:a", new byte[1])));
    add(
        "permissions: at creation, a basic attribute",
        root -> Files.createFile(root.resolve("f"), new Attribute("lastModifiedTime", TIME)));
    add(
        "permissions: a link made with attributes",
        root ->
            Files.createSymbolicLink(
                root.resolve("l"), root, PosixFilePermissions.asFileAttribute(Set.of())));
  }

  private record Attribute(String name, Object value) implements FileAttribute<Object> {}

  private void byName() {
    for (String names :
        List.of(
            "size",
            "size,isDirectory",
            "basic:size",
            "posix:permissions",
            "isRegularFile,isSymbolicLink,isOther",
            "unknown",
            "posix:unknown",
            "basic:permissions",
            "owner:size",
            "none:size",
            "",
            "size,",
            "posix:size")) {
      add(
          "attributes: read \"" + names + "\"",
          root -> {
            Path file =
                Files.setPosixFilePermissions(
                    file(root), PosixFilePermissions.fromString("rw-r-----"));
            Map<String, Object> values = new TreeMap<>(Files.readAttributes(file, names));
            values.replaceAll((key, value) -> value instanceof Set<?> set ? set.size() : value);
            return values;
          });
      add(
          "attributes: get \"" + names + "\"",
          root -> {
            Path file =
                Files.setPosixFilePermissions(
                    file(root), PosixFilePermissions.fromString("rw-r-----"));
            Object value = Files.getAttribute(file, names);
            return value instanceof Set<?> set ? set.size() : value;
          });
    }
    add(
        "attributes: all basic ones",
        root -> new TreeMap<>(Files.readAttributes(file(root), "*")).keySet());
    add(
        "attributes: all posix ones",
        root -> new TreeMap<>(Files.readAttributes(file(root), "posix:*")).keySet());
    add(
        "attributes: all owner ones",
        root -> new TreeMap<>(Files.readAttributes(file(root), "owner:*")).keySet());
    add("attributes: of nothing", root -> Files.readAttributes(root.resolve("x"), "size"));
    for (String name :
        List.of(
            "size", "basic:size", "unknown", "posix:unknown", "none:size", "basic:permissions")) {
      add("attributes: set " + name, root -> Files.setAttribute(file(root), name, 1L));
    }
    add(
        "attributes: set a time to text",
        root -> Files.setAttribute(file(root), "lastModifiedTime", "now"));
    add(
        "attributes: classes",
        root -> {
          BasicFileAttributes of = Files.readAttributes(file(root), BasicFileAttributes.class);
          return List.of(
              of.size(),
              of.isRegularFile(),
              of.isDirectory(),
              of.isSymbolicLink(),
              of.isOther(),
              of.fileKey() != null);
        });
    add(
        "attributes: of a link",
        root -> {
          link(root, "nowhere");
          BasicFileAttributes of =
              Files.readAttributes(root.resolve("l"), PosixFileAttributes.class, NOFOLLOW_LINKS);
          return List.of(of.size(), of.isRegularFile(), of.isSymbolicLink());
        });
    add(
        "attributes: of a dangling link followed",
        root -> Files.readAttributes(link(root, "nowhere"), BasicFileAttributes.class));
    add(
        "attributes: of DOS",
        root -> {
          Class<? extends BasicFileAttributes> unknown = Unknown.class;
          return Files.readAttributes(file(root), unknown);
        });
    add(
        "attributes: the file key stays",
        root -> {
          Path file = file(root);
          Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
          Path moved = Files.move(file, root.resolve("g"));
          Files.write(moved, new byte[2]);
          return key.equals(Files.readAttributes(moved, BasicFileAttributes.class).fileKey());
        });
  }

  private interface Unknown extends BasicFileAttributes {}

  private void views() {
    add(
        "views: names",
        root -> {
          Path file = file(root);
          return List.of(
              Files.getFileAttributeView(file, BasicFileAttributeView.class).name(),
              Files.getFileAttributeView(file, PosixFileAttributeView.class).name(),
              Files.getFileAttributeView(file, FileOwnerAttributeView.class).name(),
              Files.getFileAttributeView(file, UserDefinedFileAttributeView.class).name());
        });
    add(
        "views: the file system's",
        root ->
            root.getFileSystem()
                .supportedFileAttributeViews()
                .containsAll(Set.of("basic", "posix", "owner", "user")));
    add(
        "views: owner set to itself",
        root -> {
          Path file = file(root);
          Files.setOwner(file, Files.getOwner(file));
          return Files.getOwner(file)
              .equals(Files.readAttributes(file, PosixFileAttributes.class).owner());
        });
    add(
        "views: group set to itself",
        root -> {
          Path file = file(root);
          PosixFileAttributeView view =
              Files.getFileAttributeView(file, PosixFileAttributeView.class);
          view.setGroup(view.readAttributes().group());
          return view.readAttributes().group().equals(view.readAttributes().group());
        });
    add(
        "views: nobody knows the user",
        root ->
            root.getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName("no such user at all"));
    add("views: null owner", root -> Files.setOwner(file(root), null));
    add(
        "views: of nothing",
        root ->
            Files.getFileAttributeView(root.resolve("x"), PosixFileAttributeView.class)
                .readAttributes());
  }

  private void user() {
    add(
        "user attributes: write, list, read, delete",
        root -> {
          UserDefinedFileAttributeView view = view(file(root));
          view.write("b", ByteBuffer.wrap("value".getBytes(UTF_8)));
          view.write("a", ByteBuffer.wrap(new byte[0]));
          ByteBuffer target = ByteBuffer.allocate(10);
          List<Object> seen =
              new ArrayList<>(
                  List.of(
                      view.list().stream().sorted().toList(),
                      view.size("b"),
                      view.read("b", target),
                      target.position(),
                      view.size("a")));
          view.write("b", ByteBuffer.wrap("other".getBytes(UTF_8)));
          view.delete("a");
          seen.addAll(view.list());
          return seen;
        });
    add(
        "user attributes: by name",
        root -> {
          Path file = file(root);
          Files.setAttribute(file, "user:kind", ByteBuffer.wrap("x".getBytes(UTF_8)));
          return List.of(
              Files.getAttribute(file, "user:kind"), Files.readAttributes(file, "user:*").keySet());
        });
    add("user attributes: none", root -> view(file(root)).list());
    add("user attributes: size of a missing one", root -> view(file(root)).size("x") + "");
    add(
        "user attributes: delete a missing one",
        root -> {
          view(file(root)).delete("x");
          return "";
        });
    add(
        "user attributes: too small a buffer",
        root -> {
          UserDefinedFileAttributeView view = view(file(root));
          view.write("b", ByteBuffer.wrap("value".getBytes(UTF_8)));
          return view.read("b", ByteBuffer.allocate(2));
        });
    add(
        "user attributes: of a directory",
        root -> {
          view(root).write("b", ByteBuffer.wrap("value".getBytes(UTF_8)));
          return view(root).list();
        });
    add(
        "user attributes: copied",
        root -> {
          Path file = file(root);
          view(file).write("b", ByteBuffer.wrap("value".getBytes(UTF_8)));
          return view(Files.copy(file, root.resolve("g"), StandardCopyOption.COPY_ATTRIBUTES))
              .list();
        });
    add(
        "user attributes: moved",
        root -> {
          Path file = file(root);
          view(file).write("b", ByteBuffer.wrap("value".getBytes(UTF_8)));
          return view(Files.move(file, root.resolve("g"))).list();
        });
    add("user attributes: of nothing", root -> view(root.resolve("x")).list());
  }

  private static UserDefinedFileAttributeView view(Path path, LinkOption... options) {
    return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, options);
  }

  private void stores() {
    add(
        "file store: figures",
        root -> {
          FileStore store = Files.getFileStore(root);
          return List.of(
              store.getTotalSpace() > 0,
              store.getUsableSpace() > 0,
              store.getUnallocatedSpace() >= store.getUsableSpace(),
              store.getBlockSize() > 0,
              store.isReadOnly(),
              store.supportsFileAttributeView(PosixFileAttributeView.class),
              store.supportsFileAttributeView("basic"),
              store.supportsFileAttributeView("none"),
              store.getAttribute("totalSpace").equals(store.getTotalSpace()));
        });
    add("file store: an unknown attribute", root -> Files.getFileStore(root).getAttribute("x"));
    add("file store: of nothing", root -> Files.getFileStore(root.resolve("x")));
    add(
        "file system",
        root ->
            List.of(
                root.getFileSystem().isOpen(),
                root.getFileSystem().isReadOnly(),
                root.getFileSystem().getSeparator()));
  }

  private void watching() {
    add(
        "watch: create, change, delete",
        root -> {
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            WatchKey key =
                root.register(
                    watcher,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE);
            Files.createFile(root.resolve("a"));
            Files.createDirectory(root.resolve("d"));
            Files.createFile(root.resolve("d/not seen"));
            Files.move(root.resolve("a"), root.resolve("b"));
            Files.delete(root.resolve("b"));
            return List.of(events(watcher, 5), key.isValid(), key.watchable().equals(root));
          }
        });
    add(
        "watch: a write",
        root -> {
          Path file = file(root);
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            root.register(watcher, StandardWatchEventKinds.ENTRY_MODIFY);
            Files.write(file, new byte[5], java.nio.file.StandardOpenOption.WRITE);
            return events(watcher, 1);
          }
        });
    add(
        "watch: cut by its opening",
        root -> {
          Path file = file(root);
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            root.register(watcher, StandardWatchEventKinds.ENTRY_MODIFY);
            Files.newByteChannel(
                    file,
                    java.nio.file.StandardOpenOption.WRITE,
                    java.nio.file.StandardOpenOption.TRUNCATE_EXISTING)
                .close();
            return events(watcher, 1);
          }
        });
    add(
        "watch: deleted on close",
        root -> {
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            root.register(
                watcher,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_DELETE);
            Files.newByteChannel(
                    root.resolve("f"),
                    java.nio.file.StandardOpenOption.WRITE,
                    java.nio.file.StandardOpenOption.CREATE_NEW,
                    java.nio.file.StandardOpenOption.DELETE_ON_CLOSE)
                .close();
            return events(watcher, 2);
          }
        });
    add(
        "watch: nothing happens",
        root -> {
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            root.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            return watcher.poll() == null;
          }
        });
    add(
        "watch: cancelled",
        root -> {
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            WatchKey key = root.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            key.cancel();
            Files.createFile(root.resolve("a"));
            return List.of(key.isValid(), key.reset(), watcher.poll() == null);
          }
        });
    add(
        "watch: the directory goes",
        root -> {
          Path watched = Files.createDirectory(root.resolve("d"));
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            WatchKey key = watched.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            Files.delete(watched);
            WatchKey told = watcher.poll(10, TimeUnit.SECONDS);
            return List.of(told == key, key.reset(), key.isValid());
          }
        });
    for (CopyOption option :
        List.of(StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE)) {
      add(
          "watch: the directory is replaced, " + option,
          root -> {
            Path watched = Files.createDirectory(root.resolve("d"));
            Path other = Files.createDirectory(root.resolve("e"));
            try (WatchService watcher = root.getFileSystem().newWatchService()) {
              WatchKey key = watched.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
              Files.move(other, watched, option);
              WatchKey told = watcher.poll(10, TimeUnit.SECONDS);
              return List.of(told == key, key.reset(), key.isValid());
            }
          });
    }
    renamed(
        "after a rename",
        (d, file) -> {
          Files.move(file, d.resolve("g"));
          return d;
        });
    renamed(
        "after a move to another directory",
        (d, file) -> {
          Path other = Files.createDirectory(d.resolveSibling("e"));
          Files.move(file, other.resolve("g"));
          return other;
        });
    renamed("after its directory was renamed", (d, file) -> Files.move(d, d.resolveSibling("e")));
    renamed(
        "after its deletion",
        (d, file) -> {
          Files.delete(file);
          return d;
        });
    add(
        "watch: a write through a link",
        root -> {
          Path link = Files.createSymbolicLink(root.resolve("l"), file(root));
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            root.register(watcher, StandardWatchEventKinds.ENTRY_MODIFY);
            Files.write(link, new byte[5], java.nio.file.StandardOpenOption.WRITE);
            return events(watcher, 1);
          }
        });
    add(
        "watch: permissions set through a link",
        root -> {
          Path link = Files.createSymbolicLink(root.resolve("l"), file(root));
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            root.register(watcher, StandardWatchEventKinds.ENTRY_MODIFY);
            Files.setPosixFilePermissions(link, PosixFilePermissions.fromString("rw-r-----"));
            return events(watcher, 1);
          }
        });
    add(
        "watch: registered twice",
        root -> {
          try (WatchService watcher = root.getFileSystem().newWatchService()) {
            return root.register(watcher, StandardWatchEventKinds.ENTRY_CREATE)
                == root.register(watcher, StandardWatchEventKinds.ENTRY_DELETE);
          }
        });
    add(
        "watch: a file",
        root ->
            file(root)
                .register(
                    root.getFileSystem().newWatchService(), StandardWatchEventKinds.ENTRY_CREATE));
    add("watch: no events", root -> root.register(root.getFileSystem().newWatchService()));
    add(
        "watch: closed",
        root -> {
          WatchService watcher = root.getFileSystem().newWatchService();
          WatchKey key = root.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
          watcher.close();
          watcher.close();
          try {
            watcher.poll();
            return "";
          } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + key.isValid();
          }
        });
    add(
        "watch: closing wakes who waits",
        root -> {
          WatchService watcher = root.getFileSystem().newWatchService();
          List<String> ends = java.util.Collections.synchronizedList(new ArrayList<>());
          List<Thread> threads = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            Thread thread =
                new Thread(
                    () -> {
                      try {
                        watcher.take();
                      } catch (Exception e) {
                        ends.add(e.getClass().getSimpleName());
                      }
                    });
            thread.start();
            threads.add(thread);
          }
          watcher.close();
          for (Thread thread : threads) {
            thread.join(10_000);
          }
          return ends;
        });
  }

  /** Changes the name of an open file; answers the directory in which to look then. */
  @FunctionalInterface
  private interface Renaming {
    Path of(Path directory, Path file) throws IOException;
  }

  /** A write through a channel that is older than the file's name. */
  private void renamed(String name, Renaming renaming) {
    add(
        "watch: a write " + name,
        root -> {
          Path directory = Files.createDirectory(root.resolve("d"));
          Path file = file(directory);
          try (FileChannel channel =
                  FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE);
              WatchService watcher = root.getFileSystem().newWatchService()) {
            Path watched = renaming.of(directory, file);
            Path last = Files.createFile(watched.resolve("last"));
            watched.register(watcher, StandardWatchEventKinds.ENTRY_MODIFY);
            channel.write(ByteBuffer.allocate(5));
            Files.write(last, new byte[5], java.nio.file.StandardOpenOption.WRITE);
            return events(watcher, 2, "ENTRY_MODIFY last");
          }
        });
  }

  private static Object events(WatchService watcher, int expected) throws InterruptedException {
    return events(watcher, expected, "no such event");
  }

  /** Collects events until there are as many as expected, or the last, or none comes any more. */
  private static Object events(WatchService watcher, int expected, String last)
      throws InterruptedException {
    List<String> seen = new ArrayList<>();
    while (seen.size() < expected && !seen.contains(last)) {
      WatchKey key = watcher.poll(10, TimeUnit.SECONDS);
      if (key == null) {
        break;
      }
      for (WatchEvent<?> event : key.pollEvents()) {
        String text = event.kind() + " " + event.context();
        if (!text.equals(seen.isEmpty() ? "" : seen.get(seen.size() - 1))) {
          seen.add(text);
        }
      }
      key.reset();
    }
    return seen;
  }

  static {
    // DosFileAttributes are no view that a volume has; named here so that nobody adds it unseen.
    assert DosFileAttributeView.class != null && DosFileAttributes.class != null;
  }
}
