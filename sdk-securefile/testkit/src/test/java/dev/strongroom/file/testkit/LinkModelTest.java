// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.NoSuchAttributeException;
import dev.strongroom.file.SecureCreateMode;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Symbolic links, paths with dots, and attributes, at random against a model of objects. */
class LinkModelTest {

  private static final int STEPS = 3000;

  private static TestElement element;
  private static ElementSession session;

  private final ModelComparison comparison =
      new ModelComparison(
          (expected, found) -> assertThat(found).isNotNull().hasSameClassAs(expected));

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

  /** A file, directory or link with its attributes. */
  private static final class Node {
    final FileType type;
    final String target;
    final Map<String, Node> children = new TreeMap<>();
    final Map<String, byte[]> attributes = new TreeMap<>();
    Node parent = this;
    int mode;
    Instant accessed = Instant.EPOCH;

    Node(FileType type, String target, int mode) {
      this.type = type;
      this.target = target;
      this.mode = mode;
    }

    boolean isDirectory() {
      return type == FileType.DIRECTORY;
    }
  }

  /** A name in a directory, or, without a name, the directory itself. */
  private record Found(Node directory, String name) {

    @Nullable Node node() {
      return name.isEmpty() ? directory : directory.children.get(name);
    }

    Node there() throws NoSuchFileException {
      Node node = node();
      if (node == null) {
        throw new NoSuchFileException(name);
      }
      return node;
    }

    void requireName() throws FileSystemException {
      if (name.isEmpty()) {
        throw new FileSystemException("no name");
      }
    }
  }

  /** What POSIX says, said with pointers. */
  private static final class Model {
    final Node root = new Node(FileType.DIRECTORY, "", 0700);

    Found find(String path, boolean follow) throws IOException {
      return find(root, path, follow, new int[] {40});
    }

    private Found find(Node from, String path, boolean follow, int[] links) throws IOException {
      Node at = path.startsWith("/") ? root : from;
      Found found = new Found(at, "");
      for (String name : path.split("/", -1)) {
        if (name.isEmpty()) {
          continue;
        }
        found = followed(found, links, path);
        at = found.there();
        if (!at.isDirectory()) {
          throw new NotDirectoryException(name);
        }
        found =
            switch (name) {
              case "." -> new Found(at, "");
              case ".." -> new Found(at.parent, "");
              default -> new Found(at, name);
            };
      }
      return follow ? followed(found, links, path) : found;
    }

    private Found followed(Found found, int[] links, String path) throws IOException {
      Node node = found.node();
      if (node == null || node.type != FileType.SYMBOLIC_LINK) {
        return found;
      }
      if (--links[0] < 0) {
        throw new FileSystemLoopException(path);
      }
      return find(found.directory, node.target, true, links);
    }

    void create(String path, Node node) throws IOException {
      Found found = find(path, false);
      if (found.node() != null) {
        throw new FileAlreadyExistsException(path);
      }
      put(found, node);
    }

    void put(Found found, Node node) {
      found.directory.children.put(found.name, node);
      node.parent = found.directory;
    }

    void open(String path, int mode) throws IOException {
      Found found = find(path, true);
      Node node = found.node();
      if (node == null) {
        put(found, new Node(FileType.FILE, "", mode));
      } else if (node.type != FileType.FILE) {
        throw new FileSystemException(path);
      }
    }

    void delete(String path) throws IOException {
      Found found = find(path, false);
      found.requireName();
      if (!found.there().children.isEmpty()) {
        throw new DirectoryNotEmptyException(path);
      }
      found.directory.children.remove(found.name);
    }

    void rename(String from, String to) throws IOException {
      Found source = find(from, false);
      source.requireName();
      Node node = source.there();
      Found target = find(to, false);
      target.requireName();
      for (Node above = target.directory; ; above = above.parent) {
        if (above == node) {
          throw new FileSystemException(to);
        }
        if (above == root) {
          break;
        }
      }
      Node old = target.node();
      if (old == node) {
        return;
      }
      if (old != null && old.isDirectory() != node.isDirectory()) {
        throw old.isDirectory() ? new FileSystemException(to) : new NotDirectoryException(to);
      }
      if (old != null && !old.children.isEmpty()) {
        throw new DirectoryNotEmptyException(to);
      }
      source.directory.children.remove(source.name);
      put(target, node);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void pathsLeadWhereTheModelSays(long seed) throws IOException {
    System.out.println("LinkModelTest: seed " + seed);
    Random random = new Random(seed);
    Model model = new Model();
    MemoryStore store = new MemoryStore();
    SecureFileSystem volume =
        SecureFileSystem.create(session, store, ModelledVolume.options(new ManualExecutor()));
    int step = 0;
    try {
      for (; step < STEPS; step++) {
        step(model, volume, random);
        if (random.nextInt(200) == 0) {
          comparison.note("close and open the volume");
          volume.close();
          volume =
              SecureFileSystem.open(session, store, ModelledVolume.options(new ManualExecutor()));
          compareAll(model.root, "", volume);
        }
      }
      compareAll(model.root, "", volume);
      volume.close();
      store.assertAllClosed();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw comparison.failure(seed, step, e);
    }
  }

  private void step(Model model, SecureFileSystem volume, Random random) throws IOException {
    String path = path(random);
    String other = path(random);
    int mode = random.nextInt(010000);
    boolean follow = random.nextBoolean();
    LinkOption[] options = follow ? new LinkOption[0] : new LinkOption[] {NOFOLLOW_LINKS};
    String attribute = "attribute " + random.nextInt(3);
    switch (random.nextInt(13)) {
      case 0, 1 ->
          comparison.same(
              "create " + path,
              () -> model.create(path, new Node(FileType.FILE, "", mode)),
              () -> volume.openFile(path, WRITE, CREATE_NEW, new SecureCreateMode(mode)).close());
      case 2 ->
          comparison.same(
              "open " + path,
              () -> model.open(path, mode),
              () -> volume.openFile(path, WRITE, CREATE, new SecureCreateMode(mode)).close());
      case 3 ->
          comparison.same(
              "directory " + path,
              () -> model.create(path, new Node(FileType.DIRECTORY, "", mode)),
              () -> volume.createDirectory(path, mode));
      case 4, 5 -> {
        String target = random.nextInt(4) == 0 ? "/" + other : other;
        comparison.same(
            "link " + path + " to " + target,
            () -> model.create(path, new Node(FileType.SYMBOLIC_LINK, target, 0777)),
            () -> volume.createSymbolicLink(path, target));
      }
      case 6 ->
          comparison.same("delete " + path, () -> model.delete(path), () -> volume.delete(path));
      case 7, 8 ->
          comparison.same(
              "rename " + path + " to " + other,
              () -> model.rename(path, other),
              () -> volume.rename(path, other));
      case 9 -> {
        Instant time = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
        comparison.same(
            "mode and time of " + path + (follow ? "" : " itself"),
            () -> {
              Node node = model.find(path, follow).there();
              node.mode = mode;
              node.accessed = time;
            },
            () -> {
              volume.setMode(path, mode, options);
              volume.setTimes(path, null, time, null, options);
            });
      }
      case 10 -> {
        byte[] value = new byte[random.nextInt(4) == 0 ? random.nextInt(9000) : 40];
        random.nextBytes(value);
        comparison.same(
            "set " + attribute + " of " + path + (follow ? "" : " itself"),
            () -> model.find(path, follow).there().attributes.put(attribute, value),
            () -> volume.setUserAttribute(path, attribute, value, options));
      }
      case 11 ->
          comparison.same(
              "remove " + attribute + " of " + path + (follow ? "" : " itself"),
              () -> {
                if (model.find(path, follow).there().attributes.remove(attribute) == null) {
                  throw new NoSuchAttributeException(path, attribute);
                }
              },
              () -> volume.removeUserAttribute(path, attribute, options));
      default -> {
        Node[] found = new Node[1];
        Throwable refused =
            ModelComparison.thrown(() -> found[0] = model.find(path, follow).there());
        assertThat(volume.exists(path, options)).as("exists %s", path).isEqualTo(refused == null);
        if (refused == null) {
          compare(found[0], path, volume, options);
        } else {
          comparison.same(
              "stat " + path, () -> model.find(path, follow).there(), () -> volume.stat(path));
        }
      }
    }
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder();
    for (int depth = random.nextInt(4); depth >= 0; depth--) {
      String[] names = {"a", "b", "c", "d", "e", "..", "."};
      int name = random.nextInt(depth == 0 ? 5 + random.nextInt(3) : 7);
      path.append(path.isEmpty() ? "" : "/").append(names[name]);
    }
    return path.toString();
  }

  private static void compare(
      Node node, String path, SecureFileSystem volume, LinkOption... options) throws IOException {
    SecureFileAttributes found = volume.stat(path, options);
    assertThat(found.type()).as(path).isEqualTo(node.type);
    assertThat(found.mode()).as(path).isEqualTo(node.mode);
    if (!node.accessed.equals(Instant.EPOCH)) {
      assertThat(found.accessed()).as(path).isEqualTo(node.accessed);
    }
    assertThat(volume.userAttributes(path, options))
        .as(path)
        .containsExactlyElementsOf(node.attributes.keySet());
    for (Map.Entry<String, byte[]> attribute : node.attributes.entrySet()) {
      assertThat(volume.userAttribute(path, attribute.getKey(), options))
          .as(path)
          .isEqualTo(attribute.getValue());
    }
    if (node.type == FileType.SYMBOLIC_LINK) {
      assertThat(volume.readSymbolicLink(path)).isEqualTo(node.target);
    }
    if (node.isDirectory()) {
      Map<String, FileType> types = new TreeMap<>();
      node.children.forEach((name, child) -> types.put(name, child.type));
      Map<String, FileType> listed = new TreeMap<>();
      for (DirectoryEntry entry : volume.list(path)) {
        listed.put(entry.name(), entry.type());
      }
      assertThat(listed).as(path).isEqualTo(types);
    }
  }

  private static void compareAll(Node node, String path, SecureFileSystem volume)
      throws IOException {
    compare(node, path, volume, NOFOLLOW_LINKS);
    for (Map.Entry<String, Node> child : node.children.entrySet()) {
      compareAll(
          child.getValue(), path.isEmpty() ? child.getKey() : path + "/" + child.getKey(), volume);
    }
  }
}
