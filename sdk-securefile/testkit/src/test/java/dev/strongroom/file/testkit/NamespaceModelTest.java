// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and directories against a model of maps, and what names may be. */
@Tag("jdk25")
class NamespaceModelTest {

  private static final String COMPOSED = "caf\u00e9";
  private static final String DECOMPOSED = "cafe\u0301";

  private static TestElement element;
  private static ElementSession session;

  private MemoryStore store = new MemoryStore();
  private final ModelComparison comparison = new ModelComparison(NamespaceModelTest::requireLike);

  @BeforeAll
  static void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  @BeforeEach
  void makeStore() {
    store = new MemoryStore();
  }

  // ---- random operations

  /** A directory, or a file with a content that says which file it is. */
  private static final class Node {
    final @Nullable Map<String, Node> children;
    final int content;

    Node(@Nullable Map<String, Node> children, int content) {
      this.children = children;
      this.content = content;
    }

    static Node directory() {
      return new Node(new TreeMap<>(), 0);
    }

    boolean isDirectory() {
      return children != null;
    }

    Map<String, Node> children() {
      Map<String, Node> map = children;
      if (map == null) {
        throw new IllegalStateException("a file has no entries");
      }
      return map;
    }
  }

  private static final class Model {
    final Node root = Node.directory();

    @Nullable Node find(String path) throws IOException {
      Node node = root;
      for (String name : split(path)) {
        if (!node.isDirectory()) {
          throw new NotDirectoryException(path);
        }
        Node next = node.children().get(key(name));
        if (next == null) {
          return null;
        }
        node = next;
      }
      return node;
    }

    Map<String, Node> parent(String path) throws IOException {
      List<String> names = split(path);
      Node node = root;
      for (String name : names.subList(0, names.size() - 1)) {
        Node next = node.isDirectory() ? node.children().get(key(name)) : null;
        if (next == null) {
          throw new NoSuchFileException(path);
        }
        node = next;
      }
      if (!node.isDirectory()) {
        throw new NotDirectoryException(path);
      }
      return node.children();
    }

    void createFile(String path, int content) throws IOException {
      Map<String, Node> parent = parent(path);
      if (parent.containsKey(leaf(path))) {
        throw new FileAlreadyExistsException(path);
      }
      parent.put(leaf(path), new Node(null, content));
    }

    void createDirectory(String path) throws IOException {
      Map<String, Node> parent = parent(path);
      if (parent.containsKey(leaf(path))) {
        throw new FileAlreadyExistsException(path);
      }
      parent.put(leaf(path), Node.directory());
    }

    void delete(String path) throws IOException {
      Map<String, Node> parent = parent(path);
      Node node = parent.get(leaf(path));
      if (node == null) {
        throw new NoSuchFileException(path);
      }
      if (node.isDirectory() && !node.children().isEmpty()) {
        throw new DirectoryNotEmptyException(path);
      }
      parent.remove(leaf(path));
    }

    void rename(String from, String to, boolean replace) throws IOException {
      Map<String, Node> source = parent(from);
      Node node = source.get(leaf(from));
      if (node == null) {
        throw new NoSuchFileException(from);
      }
      Map<String, Node> target = parent(to);
      Node old = target.get(leaf(to));
      if (old == node) {
        return;
      }
      if (key(to).startsWith(key(from) + "/")) {
        throw new IOException("into itself");
      }
      if (old != null && !replace) {
        throw new FileAlreadyExistsException(to);
      }
      if (old != null && old.isDirectory() != node.isDirectory()) {
        throw new IOException("a file and a directory");
      }
      if (old != null && old.isDirectory() && !old.children().isEmpty()) {
        throw new DirectoryNotEmptyException(to);
      }
      source.remove(leaf(from));
      target.put(leaf(to), node);
    }

    static List<String> split(String path) {
      return path.isEmpty() ? List.of() : List.of(path.split("/"));
    }

    static String leaf(String path) {
      return key(path.substring(path.lastIndexOf('/') + 1));
    }

    static String key(String name) {
      return Normalizer.normalize(name, Normalizer.Form.NFC);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void namesAreWhatTheModelSays(long seed) throws IOException {
    System.out.println("NamespaceModelTest: seed " + seed);
    Random random = new Random(seed);
    Model model = new Model();
    SecureFileSystem volume = SecureFileSystem.create(session, store, options());
    int step = 0;
    try {
      for (; step < 6000; step++) {
        String path = path(random);
        String other = path(random);
        int content = step;
        SecureFileSystem current = volume;
        switch (random.nextInt(12)) {
          case 0, 1, 2 ->
              comparison.same(
                  "create file " + path,
                  () -> model.createFile(path, content),
                  () -> {
                    try (SecureFile file =
                        current.openFile(
                            path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                      file.write(contentOf(content));
                    }
                  });
          case 3 ->
              comparison.same(
                  "create directory " + path,
                  () -> model.createDirectory(path),
                  () -> current.createDirectory(path));
          case 4, 5 ->
              comparison.same(
                  "delete " + path, () -> model.delete(path), () -> current.delete(path));
          case 6, 7 ->
              comparison.same(
                  "rename " + path + " to " + other,
                  () -> model.rename(path, other, true),
                  () -> current.rename(path, other));
          case 8 ->
              comparison.same(
                  "rename " + path + " to " + other + " without replacing",
                  () -> model.rename(path, other, false),
                  () -> current.renameNoReplace(path, other));
          case 9 -> compare(model, volume, path);
          case 10 -> {
            if (random.nextInt(20) == 0) {
              comparison.note("sync");
              volume.sync();
            }
          }
          default -> {
            if (random.nextInt(100) == 0) {
              comparison.note("close and open the volume");
              volume.close();
              volume = SecureFileSystem.open(session, store, options());
              compareAll(model, volume);
            }
          }
        }
      }
      compareAll(model, volume);
      volume.close();
      store.assertAllClosed();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw comparison.failure(seed, step, e);
    }
  }

  private static String path(Random random) {
    String[] names = {"a", "b", "c", COMPOSED, DECOMPOSED, "\u65e5\u672c", "\ud83d\udd12 lock"};
    StringBuilder path = new StringBuilder(names[random.nextInt(names.length)]);
    for (int depth = random.nextInt(4); depth > 0; depth--) {
      path.append('/').append(names[random.nextInt(names.length)]);
    }
    return path.toString();
  }

  private static byte[] contentOf(int content) {
    return SampleBytes.of(content, content % 100);
  }

  private static void requireLike(Throwable expected, @Nullable Throwable found) {
    if (expected.getClass() == IOException.class) {
      assertThat(found).isInstanceOf(IOException.class);
    } else if (expected instanceof NotDirectoryException
        || expected instanceof NoSuchFileException) {
      // A file in the middle of a path: POSIX says ENOTDIR, java.nio.file lets either stand.
      assertThat(found).isInstanceOfAny(NotDirectoryException.class, NoSuchFileException.class);
    } else {
      assertThat(found).isInstanceOf(expected.getClass());
    }
  }

  private static void compare(Model model, SecureFileSystem volume, String path)
      throws IOException {
    Node node = null;
    try {
      node = model.find(path);
    } catch (NotDirectoryException e) {
      assertThat(e).isNotNull();
    }
    assertThat(volume.exists(path)).isEqualTo(node != null);
    if (node == null) {
      assertThatThrownBy(() -> volume.stat(path))
          .isInstanceOfAny(NoSuchFileException.class, NotDirectoryException.class);
      return;
    }
    SecureFileAttributes attributes = volume.stat(path);
    assertThat(attributes.type())
        .isEqualTo(node.isDirectory() ? FileType.DIRECTORY : FileType.FILE);
    if (node.isDirectory()) {
      Set<String> names = new TreeSet<>();
      for (DirectoryEntry entry : volume.list(path)) {
        names.add(Model.key(entry.name()));
        Node child = node.children().get(Model.key(entry.name()));
        assertThat(child).as(entry.name()).isNotNull();
        if (child != null) {
          assertThat(entry.type() == FileType.DIRECTORY).isEqualTo(child.isDirectory());
        }
      }
      assertThat(names).isEqualTo(node.children().keySet());
    } else {
      assertThat(attributes.size()).isEqualTo(contentOf(node.content).length);
      assertThat(ModelledVolume.content(volume, path)).isEqualTo(contentOf(node.content));
      assertThatThrownBy(() -> volume.list(path)).isInstanceOf(NotDirectoryException.class);
    }
  }

  private static void compareAll(Model model, SecureFileSystem volume) throws IOException {
    compareAll(model, volume, "", model.root);
  }

  private static void compareAll(Model model, SecureFileSystem volume, String path, Node node)
      throws IOException {
    if (!path.isEmpty()) {
      compare(model, volume, path);
    }
    if (node.isDirectory()) {
      Set<String> names = new HashSet<>();
      for (DirectoryEntry entry : volume.list(path)) {
        names.add(Model.key(entry.name()));
      }
      assertThat(names).isEqualTo(node.children().keySet());
      Set<String> withAttributes = new HashSet<>();
      for (SecureFileAttributes attributes : volume.listAttributes(path)) {
        withAttributes.add(Model.key(attributes.name()));
      }
      assertThat(withAttributes).isEqualTo(node.children().keySet());
      for (Map.Entry<String, Node> entry : node.children().entrySet()) {
        compareAll(
            model,
            volume,
            path.isEmpty() ? entry.getKey() : path + "/" + entry.getKey(),
            entry.getValue());
      }
    }
  }

  // ---- many names

  @Test
  void tenThousandNamesInADirectory() throws IOException {
    manyNames(10_000);
  }

  @Test
  @Tag("growth")
  void oneHundredThousandNamesInADirectory() throws IOException {
    manyNames(100_000);
  }

  private void manyNames(int count) throws IOException {
    List<String> names = new ArrayList<>();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options())) {
      volume.createDirectory("d");
      for (int i = 0; i < count; i++) {
        String name = "name " + i + " \u00e4".repeat(i % 20);
        names.add(name);
        volume
            .openFile("d/" + name, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
            .close();
      }
    }
    Collections.shuffle(names, new Random(count));
    List<String> gone = names.subList(0, count / 3);
    List<String> moved = names.subList(count / 3, count / 2);
    Set<String> left = new HashSet<>(names);
    left.removeAll(new HashSet<>(gone));
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options())) {
      assertThat(volume.list("d")).hasSize(count);
      for (String name : gone) {
        volume.delete("d/" + name);
      }
      for (String name : moved) {
        volume.rename("d/" + name, "d/" + name + " moved");
        left.remove(name);
        left.add(name + " moved");
      }
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options())) {
      Set<String> found = new HashSet<>();
      volume.list("d").forEach(entry -> found.add(entry.name()));
      assertThat(found).isEqualTo(left);
      for (String name : left.stream().limit(200).toList()) {
        assertThat(volume.exists("d/" + name)).isTrue();
      }
      for (String name : gone.subList(0, 200)) {
        assertThat(volume.exists("d/" + name)).isFalse();
      }
    }
    store.assertAllClosed();
  }

  // ---- what names may be

  @Test
  void namesEqualInNfcAreOneNameAndTheFirstSpellingIsKept() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options())) {
      volume.createDirectory(DECOMPOSED);
      assertThat(volume.exists(COMPOSED)).isTrue();
      assertThatThrownBy(() -> volume.createDirectory(COMPOSED))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(volume.list(""))
          .containsExactly(new DirectoryEntry(DECOMPOSED, FileType.DIRECTORY));
      assertThat(volume.stat(COMPOSED).name()).isEqualTo(DECOMPOSED);
    }
  }

  @Test
  void aNameHasUpTo255BytesOfUtf8() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options())) {
      for (String name :
          List.of("x".repeat(255), "\u00e9".repeat(127) + "x", "\ud83d\udd12".repeat(63))) {
        assertThat(name.getBytes(StandardCharsets.UTF_8).length).isBetween(252, 255);
        volume.createDirectory(name);
        volume
            .openFile(name + "/" + name, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
            .close();
        assertThat(volume.list(name)).extracting(DirectoryEntry::name).containsExactly(name);
      }
      for (String name : List.of("x".repeat(256), "\u00e9".repeat(128), "x".repeat(100_000))) {
        assertThatThrownBy(() -> volume.createDirectory(name))
            .isInstanceOf(InvalidNameException.class)
            .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
      }
    }
  }

  @Test
  void invalidNamesAreRefusedEverywhere() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options())) {
      volume.createDirectory("d");
      for (String name : List.of("a\0b", "\0", "d/../\0", "\ud800", "x\udc00y", "../x\ud800")) {
        assertThatThrownBy(() -> volume.createDirectory(name))
            .as("createDirectory %s", name)
            .isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(
                () -> volume.openFile(name, StandardOpenOption.WRITE, StandardOpenOption.CREATE))
            .as("openFile %s", name)
            .isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> volume.rename("d", name))
            .as("rename %s", name)
            .isInstanceOf(InvalidNameException.class);
      }
      assertThat(volume.list("")).extracting(DirectoryEntry::name).containsExactly("d");
    }
  }

  @Test
  void aDirectoryIsNotMovedIntoItself() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options())) {
      volume.createDirectory("d");
      volume.createDirectory("d/e");
      assertThatThrownBy(() -> volume.rename("d", "d/e/f")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> volume.rename("d", "d/e")).isInstanceOf(IOException.class);
      assertThat(volume.exists("d/e")).isTrue();
      assertThatThrownBy(() -> volume.delete("")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aLeadingSlashIsOptional() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options())) {
      volume.createDirectory("/d");
      volume.openFile("/d/f", StandardOpenOption.WRITE, StandardOpenOption.CREATE).close();
      assertThat(volume.exists("d/f")).isTrue();
      assertThat(volume.list("/")).extracting(DirectoryEntry::name).containsExactly("d");
      assertThat(volume.stat("").type()).isEqualTo(FileType.DIRECTORY);
      assertThat(volume.stat("/").name()).isEmpty();
    }
  }

  private static VolumeOptions options() {
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder()
        .journalBytes(1 << 20)
        .cacheBytes(4 << 20)
        .executor(executor)
        .clock(executor)
        .build();
  }
}
