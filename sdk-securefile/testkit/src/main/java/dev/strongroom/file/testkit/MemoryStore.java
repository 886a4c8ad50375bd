// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.VolumeInUseException;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, which forgets everything with the process.
 *
 * <p>Files are sparse: 4 KiB blocks that were never written take no memory, so that a file of many
 * terabytes is cheap. {@link #copy} is cheap too, since blocks are shared until one side writes to
 * them; it is how a test puts a disk aside and comes back to it.
 *
 * <p>It is strict: a name outside of what {@link Store} allows is refused, so is writing through a
 * file opened for reading or using a closed one, and {@link #assertAllClosed} shows who opened what
 * was never closed.
 *
 * <p>Thread safety: thread-safe.
 */
public final class MemoryStore implements Store {

  private static final Pattern COMPONENT = Pattern.compile("[A-Za-z0-9.-]+");

  private final DirectoryNode root;
  private long lastId;
  private int sharedLocks;
  private boolean exclusiveLock;
  private final Set<MemoryFile> open = ConcurrentHashMap.newKeySet();

  /** A file or folder, with a number that stays when it is moved. */
  sealed interface Node {
    long id();
  }

  record FileNode(long id, FileContent content) implements Node {}

  record DirectoryNode(long id, Map<String, Node> children) implements Node {}

  /** The folder of a name, and the last component of the name. */
  record Place(DirectoryNode directory, String leaf) {}

  /** Makes an empty store. */
  public MemoryStore() {
    this(new DirectoryNode(0, new TreeMap<>()), 0);
  }

  MemoryStore(DirectoryNode root, long lastId) {
    this.root = root;
    this.lastId = lastId;
  }

  /**
   * Puts the present content aside. Locks and open files stay with this store.
   *
   * @return an independent store with the same files
   */
  public synchronized MemoryStore copy() {
    return new MemoryStore(copyOf(root), lastId);
  }

  private static DirectoryNode copyOf(DirectoryNode directory) {
    Map<String, Node> children = new TreeMap<>();
    directory.children.forEach(
        (name, node) ->
            children.put(
                name,
                node instanceof DirectoryNode folder
                    ? copyOf(folder)
                    : new FileNode(node.id(), ((FileNode) node).content.copy())));
    return new DirectoryNode(directory.id, children);
  }

  /**
   * All files, those in folders also.
   *
   * @return their names, sorted
   */
  public synchronized List<String> files() {
    List<String> names = new ArrayList<>();
    collect("", root, names);
    return names;
  }

  private static void collect(String prefix, DirectoryNode directory, List<String> names) {
    directory.children.forEach(
        (name, node) -> {
          if (node instanceof DirectoryNode folder) {
            collect(prefix + name + "/", folder, names);
          } else {
            names.add(prefix + name);
          }
        });
  }

  /**
   * The whole content of a file.
   *
   * @param name the file
   * @return a copy of its bytes
   * @throws NoSuchFileException if there is no such file
   */
  public synchronized byte[] content(String name) throws IOException {
    FileContent content = file(name).content;
    byte[] bytes = new byte[Math.toIntExact(content.size())];
    content.read(0, bytes, 0, bytes.length);
    return bytes;
  }

  /**
   * Replaces the whole content of a file, or makes the file.
   *
   * @param name the file; its folder must exist
   * @param bytes the new content
   * @throws IOException if the folder does not exist
   */
  public synchronized void replaceContent(String name, byte[] bytes) throws IOException {
    try (StoreFile file = open(name, Access.CREATE)) {
      file.truncate(0);
      file.write(0, bytes, 0, bytes.length);
    }
  }

  /**
   * Memory that the blocks of all files take.
   *
   * @return bytes, a multiple of 4096
   */
  public synchronized long allocatedBytes() {
    long sum = 0;
    for (String name : files()) {
      Node node = find(name);
      if (node instanceof FileNode file) {
        sum += file.content.allocatedBytes();
      }
    }
    return sum;
  }

  /**
   * Checks that every opened file was closed.
   *
   * @throws AssertionError if some was not; who opened each is among the suppressed errors
   */
  public void assertAllClosed() {
    if (open.isEmpty()) {
      return;
    }
    AssertionError error = new AssertionError(open.size() + " files of the store are still open");
    open.forEach(file -> error.addSuppressed(file.opener));
    throw error;
  }

  @Override
  public synchronized StoreFile open(String name, Access access) throws IOException {
    Place place = place(name);
    Node node = place.directory.children.get(place.leaf);
    if (node == null) {
      if (access != Access.CREATE) {
        throw new NoSuchFileException(name);
      }
      node = new FileNode(++lastId, new FileContent());
      place.directory.children.put(place.leaf, node);
    }
    if (!(node instanceof FileNode file)) {
      throw new FileSystemException(name, null, "is a folder");
    }
    MemoryFile opened = new MemoryFile(name, file, access);
    open.add(opened);
    return opened;
  }

  @Override
  public synchronized boolean exists(String name) {
    return find(name) != null;
  }

  @Override
  public synchronized void createDirectory(String name) throws IOException {
    if (name.isEmpty()) {
      return;
    }
    Place place = place(name);
    Node node = place.directory.children.get(place.leaf);
    if (node instanceof FileNode) {
      throw new FileAlreadyExistsException(name, null, "is a file");
    }
    if (node == null) {
      place.directory.children.put(place.leaf, new DirectoryNode(++lastId, new TreeMap<>()));
    }
  }

  @Override
  public synchronized void move(String from, String to) throws IOException {
    Place source = place(from);
    Place target = place(to);
    Node node = source.directory.children.get(source.leaf);
    if (node == null) {
      throw new NoSuchFileException(from);
    }
    if (node instanceof DirectoryNode
        || target.directory.children.get(target.leaf) instanceof DirectoryNode) {
      throw new FileSystemException(from, to, "only files are moved");
    }
    source.directory.children.remove(source.leaf);
    target.directory.children.put(target.leaf, node);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    Place place = place(name);
    Node node = place.directory.children.get(place.leaf);
    if (node == null) {
      throw new NoSuchFileException(name);
    }
    if (node instanceof DirectoryNode folder && !folder.children.isEmpty()) {
      throw new DirectoryNotEmptyException(name);
    }
    place.directory.children.remove(place.leaf);
  }

  @Override
  public synchronized List<String> list(String directory) throws IOException {
    return new ArrayList<>(directory(directory).children.keySet());
  }

  @Override
  public synchronized void syncDirectory(String directory) throws IOException {
    directory(directory);
  }

  @Override
  public long usableSpace() {
    return Long.MAX_VALUE;
  }

  @Override
  public synchronized AutoCloseable lock(LockMode mode) throws IOException {
    boolean exclusive = mode == LockMode.EXCLUSIVE;
    if (exclusiveLock || (exclusive && sharedLocks > 0)) {
      throw new VolumeInUseException(toString(), ProcessHandle.current().pid());
    }
    if (exclusive) {
      exclusiveLock = true;
    } else {
      sharedLocks++;
    }
    return new Lock(exclusive);
  }

  @Override
  public String toString() {
    return "memory";
  }

  @Override
  public void close() {}

  /** Where a name stands; its folder must exist, the name itself need not. */
  synchronized Place place(String name) throws IOException {
    int slash = name.lastIndexOf('/');
    String leaf = name.substring(slash + 1);
    if (!COMPONENT.matcher(leaf).matches() || leaf.equals(".") || leaf.equals("..")) {
      throw new IllegalArgumentException("not a name of a store: \"" + name + "\"");
    }
    return new Place(directory(slash < 0 ? "" : name.substring(0, slash)), leaf);
  }

  synchronized DirectoryNode directory(String name) throws IOException {
    Node node = find(name);
    if (node == null) {
      throw new NoSuchFileException(name);
    }
    if (!(node instanceof DirectoryNode directory)) {
      throw new NotDirectoryException(name);
    }
    return directory;
  }

  synchronized @Nullable Node find(String name) {
    Node node = root;
    if (name.isEmpty()) {
      return node;
    }
    for (String component : name.split("/", -1)) {
      if (!(node instanceof DirectoryNode directory)) {
        return null;
      }
      Node next = directory.children.get(component);
      if (next == null) {
        return null;
      }
      node = next;
    }
    return node;
  }

  private FileNode file(String name) throws IOException {
    if (find(name) instanceof FileNode file) {
      return file;
    }
    throw new NoSuchFileException(name);
  }

  private final class Lock implements AutoCloseable {

    private final boolean exclusive;
    private boolean released;

    Lock(boolean exclusive) {
      this.exclusive = exclusive;
    }

    @Override
    public void close() {
      synchronized (MemoryStore.this) {
        if (released) {
          return;
        }
        released = true;
        if (exclusive) {
          exclusiveLock = false;
        } else {
          sharedLocks--;
        }
      }
    }
  }

  /** Who opened a file, for {@link #assertAllClosed}. */
  private static final class Opener extends Throwable {
    private static final long serialVersionUID = 1L;

    Opener(String name) {
      super(name + " was opened here");
    }
  }

  private final class MemoryFile implements StoreFile {

    private final String name;
    private final FileNode node;
    private final boolean writable;
    private final Opener opener;
    private volatile boolean closed;

    MemoryFile(String name, FileNode node, Access access) {
      this.name = name;
      this.node = node;
      this.writable = access != Access.READ;
      this.opener = new Opener(name);
    }

    @Override
    public long size() throws IOException {
      requireOpen();
      return node.content.size();
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
      requireOpen();
      return node.content.read(position, target, offset, length);
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
      requireWritable();
      node.content.write(position, source, offset, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      requireWritable();
      node.content.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      requireOpen();
    }

    @Override
    public void close() {
      closed = true;
      open.remove(this);
    }

    private void requireWritable() throws IOException {
      requireOpen();
      if (!writable) {
        throw new NonWritableChannelException();
      }
    }

    private void requireOpen() throws IOException {
      if (closed) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
