// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A volume and, beside it, the model of what it may be after a crash: every operation is done on
 * both, and its promises are marked.
 */
final class ModelledVolume {

  static final VolumeOptions SMALL = options(new ManualExecutor());

  private final SecureFileSystem volume;
  private final VolumeHistory history;
  private final Consumer<Object> mark;
  private final ManualExecutor executor;
  private final Map<String, Integer> tree;
  private final Map<Integer, Content> contents;

  /** What a file holds for its users, published or not. */
  static final class Content {
    byte[] working = new byte[0];
    byte[] published = new byte[0];
    boolean transaction;

    /** Whether a change of its name waits for a commit, which then takes its content along. */
    boolean renamed;

    int handles;
  }

  private ModelledVolume(
      SecureFileSystem volume,
      VolumeHistory history,
      Consumer<Object> mark,
      ManualExecutor executor,
      Map<String, Integer> tree,
      Map<Integer, Content> contents) {
    this.volume = volume;
    this.history = history;
    this.mark = mark;
    this.executor = executor;
    this.tree = tree;
    this.contents = contents;
  }

  static VolumeOptions options(ManualExecutor executor) {
    return VolumeOptions.builder()
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .cacheBytes(4 << 20)
        .executor(executor)
        .clock(executor)
        .build();
  }

  static ModelledVolume create(
      ElementSession session, Store store, VolumeHistory history, Consumer<Object> mark)
      throws IOException {
    ManualExecutor executor = new ManualExecutor();
    return create(session, store, history, mark, executor, options(executor));
  }

  static ModelledVolume create(
      ElementSession session,
      Store store,
      VolumeHistory history,
      Consumer<Object> mark,
      ManualExecutor executor,
      VolumeOptions options)
      throws IOException {
    SecureFileSystem volume = SecureFileSystem.create(session, store, options);
    mark.accept(history.promise());
    return new ModelledVolume(volume, history, mark, executor, new TreeMap<>(), new HashMap<>());
  }

  /** Opens again what this model describes, closed in order before. */
  ModelledVolume reopen(ElementSession session, Store store, Consumer<Object> newMark)
      throws IOException {
    ManualExecutor fresh = new ManualExecutor();
    newMark.accept(new VolumeHistory.Published(history.promise().index()));
    newMark.accept(history.promise());
    SecureFileSystem again = SecureFileSystem.open(session, store, options(fresh));
    return new ModelledVolume(again, history, newMark, fresh, tree, contents);
  }

  /** Opens a copy of the closed volume, which goes on without this model knowing. */
  ModelledVolume branch(ElementSession session, Store store, Consumer<Object> newMark)
      throws IOException {
    Map<Integer, Content> copies = new HashMap<>();
    contents.forEach(
        (file, content) -> {
          Content copy = new Content();
          copy.working = content.working;
          copy.published = content.published;
          copies.put(file, copy);
        });
    ManualExecutor fresh = new ManualExecutor();
    newMark.accept(new VolumeHistory.Published(history.promise().index()));
    newMark.accept(history.promise());
    SecureFileSystem again = SecureFileSystem.open(session, store, options(fresh));
    return new ModelledVolume(again, history.copy(), newMark, fresh, new TreeMap<>(tree), copies);
  }

  VolumeHistory history() {
    return history;
  }

  Handle open(String path, OpenOption... options) throws IOException {
    List<OpenOption> asked = Arrays.asList(options);
    if (!tree.containsKey(path)) {
      int number = history.newFile();
      Content content = new Content();
      content.renamed = true;
      contents.put(number, content);
      mark.accept(history.publish(Map.of(number, content.working)));
      tree.put(path, number);
      mark.accept(history.publishTree(tree));
    }
    Integer file = tree.get(path);
    if (file == null) {
      throw new IllegalStateException(path);
    }
    Content content = contents.get(file);
    if (content == null) {
      throw new IllegalStateException(path);
    }
    content.transaction = asked.contains(SecureOpenOption.TRANSACTION);
    content.handles++;
    if (asked.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      content.working = new byte[0];
    }
    return new Handle(volume.openFile(path, options), file, content);
  }

  /** Opens for reading and writing, and makes the file when it is not there. */
  Handle open(String path) throws IOException {
    return open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  /** Makes or replaces a file's content. */
  void put(String path, byte[] content) throws IOException {
    try (Handle file = open(path)) {
      file.truncate(0);
      file.write(0, content);
    }
  }

  void createDirectory(String path) throws IOException {
    tree.put(path, VolumeHistory.DIRECTORY);
    mark.accept(history.publishTree(tree));
    volume.createDirectory(path);
  }

  void delete(String path) throws IOException {
    renamed(tree.remove(path));
    mark.accept(history.publishTree(tree));
    volume.delete(path);
  }

  /** Gives a file new keys, which changes nothing that one sees, and commits what waits. */
  void rekey(String path) throws IOException {
    volume.rekey(path);
  }

  void rename(String from, String to) throws IOException {
    Map<String, Integer> moved = new TreeMap<>();
    tree.entrySet()
        .removeIf(
            entry -> {
              String path = entry.getKey();
              if (path.equals(to)) {
                renamed(entry.getValue());
                return true;
              }
              if (path.equals(from) || path.startsWith(from + "/")) {
                moved.put(to + path.substring(from.length()), entry.getValue());
                renamed(entry.getValue());
                return true;
              }
              return false;
            });
    tree.putAll(moved);
    mark.accept(history.publishTree(tree));
    volume.rename(from, to);
  }

  private void renamed(@Nullable Integer file) {
    Content content = file == null ? null : contents.get(file);
    if (content != null) {
      content.renamed = true;
    }
  }

  /** What every commit may take along: the content of files whose names have changed. */
  private void publishRenamed() {
    contents.forEach(
        (file, content) -> {
          if (content.renamed && !content.transaction) {
            content.renamed = false;
            if (!Arrays.equals(content.working, content.published)) {
              content.published = content.working;
              mark.accept(history.publish(Map.of(file, content.working)));
            }
          }
        });
  }

  /** All files, or all directories with the root. */
  List<String> paths(boolean directories) {
    List<String> paths = new ArrayList<>();
    if (directories) {
      paths.add("");
    }
    tree.forEach(
        (path, file) -> {
          if ((file == VolumeHistory.DIRECTORY) == directories) {
            paths.add(path);
          }
        });
    return paths;
  }

  boolean exists(String path) {
    return tree.containsKey(path);
  }

  void sync() throws IOException {
    publishAll();
    volume.sync();
    mark.accept(history.promise());
  }

  /** Lets the timer run, which commits all and makes it durable. */
  void tick() {
    publishAll();
    executor.advance(Duration.ofSeconds(2));
    mark.accept(history.promise());
  }

  /** Files that are still open must not be used after it. */
  void close() throws IOException {
    publishAll();
    volume.close();
    mark.accept(history.promise());
  }

  private void publishAll() {
    publishRenamed();
    Map<Integer, byte[]> changed = new HashMap<>();
    contents.forEach(
        (file, content) -> {
          if (!content.transaction && !Arrays.equals(content.working, content.published)) {
            content.published = content.working;
            changed.put(file, content.working);
          }
        });
    if (!changed.isEmpty()) {
      mark.accept(history.publish(changed));
    }
  }

  /** An open file of the volume and of the model. */
  final class Handle implements AutoCloseable {

    private final SecureFile file;
    private final int number;
    private final Content content;

    Handle(SecureFile file, int number, Content content) {
      this.file = file;
      this.number = number;
      this.content = content;
    }

    int size() {
      return content.working.length;
    }

    void write(int position, byte[] bytes) throws IOException {
      byte[] next =
          Arrays.copyOf(content.working, Math.max(content.working.length, position + bytes.length));
      System.arraycopy(bytes, 0, next, position, bytes.length);
      content.working = next;
      file.pwrite(position, bytes, 0, bytes.length);
    }

    void append(byte[] bytes) throws IOException {
      write(content.working.length, bytes);
    }

    void truncate(int size) throws IOException {
      content.working = Arrays.copyOf(content.working, size);
      file.truncate(size);
    }

    private void publish() {
      publishRenamed();
      if (!Arrays.equals(content.working, content.published)) {
        content.published = content.working;
        mark.accept(history.publish(Map.of(number, content.working)));
      }
    }

    void commit() throws IOException {
      publish();
      file.commit();
    }

    void sync() throws IOException {
      if (!content.transaction) {
        publish();
      }
      file.sync();
      mark.accept(history.promise(number));
    }

    @Override
    public void close() throws IOException {
      content.handles--;
      if (!content.transaction) {
        publish();
      } else if (content.handles == 0) {
        content.working = content.published;
        content.transaction = false;
      }
      file.close();
    }
  }

  /** Reads a whole volume, whatever is in it. */
  static VolumeHistory.Found read(SecureFileSystem volume) throws IOException {
    VolumeHistory.Found found = new VolumeHistory.Found();
    read(volume, "", found);
    return found;
  }

  private static void read(SecureFileSystem volume, String directory, VolumeHistory.Found found)
      throws IOException {
    for (DirectoryEntry entry : volume.list(directory)) {
      String path = directory.isEmpty() ? entry.name() : directory + "/" + entry.name();
      if (entry.type() == FileType.DIRECTORY) {
        found.directories.add(path);
        read(volume, path, found);
      } else {
        found.files.put(path, content(volume, path));
      }
    }
  }

  static byte[] content(SecureFileSystem volume, String path) throws IOException {
    try (SecureFile file = volume.openFile(path, StandardOpenOption.READ)) {
      byte[] all = new byte[Math.toIntExact(file.size())];
      for (int done = 0; done < all.length; ) {
        int count = file.pread(done, all, done, all.length - done);
        if (count <= 0) {
          throw new AssertionError(path + " ended at " + done + " of " + all.length);
        }
        done += count;
      }
      return all;
    }
  }
}
