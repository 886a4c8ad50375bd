// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Names;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of a volume: directories, paths, and the opening of the files that they lead to.
 *
 * <p>Works under the volume's lock. When an operation needs keys that only the element has, it ends
 * with {@link KeysNeeded}, the keys are fetched without the lock, and it begins again; it changes
 * nothing before it has all it needs.
 *
 * <p>Thread safety: thread-safe.
 */
public final class Namespace {

  /** What the caller wants of an existing or missing file. */
  public record OpenMode(boolean create, boolean createNew, boolean write, boolean transaction) {}

  /** An operation on names; begins again when keys were missing. */
  private interface Operation<R> {
    R run(KeyRing keys) throws IOException, KeysNeeded;
  }

  /** An operation that answers nothing. */
  private interface Change {
    void run(KeyRing keys) throws IOException, KeysNeeded;
  }

  private static final SecureRandom RANDOM = new SecureRandom();
  static final Bytes NO_UID = Bytes.copyOf(new byte[16]);
  static final Bytes NO_NAME = Bytes.copyOf(new byte[32]);
  static final String ROOT_HOST = Names.FILES + "/root";

  /** Directories whose keys are kept, beside those that are in use. */
  private static final int KNOWN_DIRECTORIES = 256;

  private final Volume volume;
  private final LinkedHashMap<Bytes, FileNode> known = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Works on a volume.
   *
   * @param volume the open volume
   */
  public Namespace(Volume volume) {
    this.volume = volume;
  }

  // ---- paths

  /** The components of a path; a leading, doubled or trailing slash does not count. */
  private static List<String> split(String path) throws InvalidNameException {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty()) {
        Names.check(name);
        names.add(name);
      }
    }
    return names;
  }

  private static String join(List<String> names) {
    return "/" + String.join("/", names);
  }

  // ---- operations

  /**
   * Opens a file; the caller gives it back with {@link Volume#release}.
   *
   * @param path where it is
   * @param mode what is wanted
   * @return the file, with one more reference
   * @throws IOException if it is not there, is there against the caller's will, or is damaged
   */
  FileNode open(String path, OpenMode mode) throws IOException {
    List<String> names = split(path);
    if (mode.write()) {
      volume.requireWritable();
    }
    Bytes fresh = newUid();
    FileNode opened = run(openFile(names, mode, fresh));
    if (mode.write() && opened.isExhausted() && opened.references == 1) {
      volume.releaseWriter(opened);
      rekey(path);
      opened = run(openFile(names, mode, fresh));
    }
    return opened;
  }

  private Operation<FileNode> openFile(List<String> names, OpenMode mode, Bytes fresh) {
    return keys -> {
      if (names.isEmpty()) {
        throw new FileSystemException("/", null, "is a directory");
      }
      FileNode directory = parent(names, keys);
      String name = names.get(names.size() - 1);
      Bytes coded = Names.code(directory.header.namesKey, name);
      Catalogue.Entry entry = new Catalogue(directory).find(coded);
      FileNode node;
      if (entry == null) {
        if (!mode.create() && !mode.createNew()) {
          throw new NoSuchFileException(join(names));
        }
        node = create(directory, coded, name, fresh, FileType.FILE, join(names), keys);
      } else {
        if (mode.createNew()) {
          throw new FileAlreadyExistsException(join(names));
        }
        if (entry.type() == FileType.DIRECTORY) {
          throw new FileSystemException(join(names), null, "is a directory");
        }
        node = load(directory, entry, join(names), keys);
      }
      node.references++;
      try {
        if (mode.write()) {
          enterMode(node, mode, join(names));
          node.writers++;
        }
        volume.commits.commitNamesIfMany();
        return node;
      } catch (IOException e) {
        node.references--;
        node.writers -= mode.write() && node.writers > 0 ? 1 : 0;
        throw e;
      }
    };
  }

  /**
   * Takes a file or directory into use for a check; the caller gives it back with {@link
   * Volume#release}.
   */
  FileNode hold(String path) throws IOException {
    List<String> names = split(path);
    return run(
        keys -> {
          FileNode node;
          if (names.isEmpty()) {
            node = root(keys);
          } else {
            FileNode directory = parent(names, keys);
            node = load(directory, find(directory, names), join(names), keys);
          }
          node.references++;
          return node;
        });
  }

  private void enterMode(FileNode node, OpenMode mode, String path) throws IOException {
    if (node.references > 1 && node.transactional != mode.transaction()) {
      throw new FileSystemException(
          path,
          null,
          "is open "
              + (node.transactional ? "in transaction mode" : "outside transaction mode")
              + "; close it there first");
    }
    if (mode.transaction() && !node.transactional && node.isDirty()) {
      volume.commits.commit(List.of(node), false); // or the transaction could discard it
    }
    node.transactional = mode.transaction();
  }

  /**
   * Gives a file that is not open new keys.
   *
   * @param path where it is
   * @throws IOException if it is not there, open, a directory, or damaged
   */
  public void rekey(String path) throws IOException {
    volume.requireWritable();
    List<String> names = split(path);
    GrubRequest next =
        run(
            keys -> {
              FileNode node = closedFile(names, keys);
              FileHeader header = node.header;
              volume.disposeIfIdle(node);
              return GrubRequest.existing(header.uid, header.rnd, header.epoch + 1);
            });
    try (Grub fresh = volume.session.grub(volume.file.id(), List.of(next)).get(0)) {
      change(
          keys -> {
            FileNode node = closedFile(names, keys);
            if (node.uid().equals(next.uid()) && node.header.epoch + 1 == next.epoch()) {
              new Rekeying(volume).run(node, fresh);
            }
          });
    }
  }

  private FileNode closedFile(List<String> names, KeyRing keys) throws IOException, KeysNeeded {
    if (names.isEmpty()) {
      throw new FileSystemException("/", null, "is a directory");
    }
    FileNode directory = parent(names, keys);
    Catalogue.Entry entry = find(directory, names);
    if (entry.type() == FileType.DIRECTORY) {
      throw new FileSystemException(join(names), null, "is a directory");
    }
    FileNode node = load(directory, entry, join(names), keys);
    if (node.references > 0) {
      throw new FileSystemException(join(names), null, "is open; close it first");
    }
    return node;
  }

  /**
   * Makes a directory.
   *
   * @param path where
   * @throws IOException if its name is taken or its parent is not there
   */
  public void createDirectory(String path) throws IOException {
    volume.requireWritable();
    List<String> names = split(path);
    Bytes fresh = newUid();
    change(
        keys -> {
          if (names.isEmpty()) {
            throw new FileAlreadyExistsException("/");
          }
          FileNode directory = parent(names, keys);
          String name = names.get(names.size() - 1);
          Bytes coded = Names.code(directory.header.namesKey, name);
          if (new Catalogue(directory).find(coded) != null) {
            throw new FileAlreadyExistsException(join(names));
          }
          create(directory, coded, name, fresh, FileType.DIRECTORY, join(names), keys);
          volume.commits.commitNamesIfMany();
        });
  }

  /**
   * Removes a file or an empty directory.
   *
   * @param path where
   * @throws IOException if it is not there or not empty
   */
  public void delete(String path) throws IOException {
    volume.requireWritable();
    List<String> names = split(path);
    change(
        keys -> {
          if (names.isEmpty()) {
            throw new FileSystemException("/", null, "the root directory cannot be removed");
          }
          FileNode directory = parent(names, keys);
          Bytes coded = Names.code(directory.header.namesKey, names.get(names.size() - 1));
          Catalogue.Entry entry = new Catalogue(directory).find(coded);
          if (entry == null) {
            throw new NoSuchFileException(join(names));
          }
          requireEmpty(directory, entry, names, keys);
          remove(directory, entry);
        });
  }

  /**
   * Renames a file or directory.
   *
   * @param source where it is
   * @param target where it will be
   * @param replace whether a file, or an empty directory, may be replaced
   * @throws IOException if it is not there, the target is in the way, or would be inside itself
   */
  public void rename(String source, String target, Replace replace) throws IOException {
    volume.requireWritable();
    List<String> from = split(source);
    List<String> to = split(target);
    change(
        keys -> {
          if (from.isEmpty() || to.isEmpty()) {
            throw new FileSystemException("/", null, "the root directory cannot be renamed");
          }
          FileNode fromDirectory = parent(from, keys);
          Bytes fromCoded = Names.code(fromDirectory.header.namesKey, from.get(from.size() - 1));
          Catalogue.Entry entry = new Catalogue(fromDirectory).find(fromCoded);
          if (entry == null) {
            throw new NoSuchFileException(join(from));
          }
          String name = to.get(to.size() - 1);
          FileNode toDirectory = parent(to, keys);
          if (entry.type() == FileType.DIRECTORY) {
            requireOutside(entry, to, keys);
          }
          Bytes toCoded = Names.code(toDirectory.header.namesKey, name);
          Catalogue.Entry old = new Catalogue(toDirectory).find(toCoded);
          if (old != null && old.uid().equals(entry.uid())) {
            if (old.name().equals(name)) {
              return;
            }
          } else if (old != null) {
            requireReplaceable(entry, old, toDirectory, to, replace, keys);
          }
          FileNode node = load(fromDirectory, entry, join(from), keys);
          if (old != null && !old.uid().equals(entry.uid())) {
            remove(toDirectory, old);
          }
          changed(fromDirectory);
          changed(toDirectory);
          whole(() -> new Catalogue(fromDirectory).remove(fromCoded));
          Catalogue.Entry renamed = new Catalogue.Entry(toCoded, entry.uid(), entry.type(), name);
          whole(() -> new Catalogue(toDirectory).insert(renamed));
          node.lock.lock();
          try {
            node.header.parent = toDirectory.uid();
            node.header.codedName = toCoded;
            node.header.name = name;
            node.host = Names.host(toCoded);
            node.path = join(to);
          } finally {
            node.lock.unlock();
          }
          volume.commits.namespaceChanged(node);
        });
  }

  /** Whether a rename may take the place of what is there. */
  public enum Replace {
    /** As POSIX: a file replaces a file, a directory an empty directory. */
    YES,
    /** Nothing is replaced. */
    NO
  }

  private void requireReplaceable(
      Catalogue.Entry entry,
      Catalogue.Entry old,
      FileNode directory,
      List<String> to,
      Replace replace,
      KeyRing keys)
      throws IOException, KeysNeeded {
    if (replace == Replace.NO) {
      throw new FileAlreadyExistsException(join(to));
    }
    if (entry.type() == FileType.DIRECTORY && old.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(join(to));
    }
    if (entry.type() != FileType.DIRECTORY && old.type() == FileType.DIRECTORY) {
      throw new FileSystemException(join(to), null, "is a directory");
    }
    requireEmpty(directory, old, to, keys);
  }

  private void requireEmpty(
      FileNode directory, Catalogue.Entry entry, List<String> names, KeyRing keys)
      throws IOException, KeysNeeded {
    if (entry.type() == FileType.DIRECTORY
        && new Catalogue(load(directory, entry, join(names), keys)).size() > 0) {
      throw new DirectoryNotEmptyException(join(names));
    }
  }

  /** A directory cannot become its own descendant. */
  private void requireOutside(Catalogue.Entry moved, List<String> to, KeyRing keys)
      throws IOException, KeysNeeded {
    FileNode directory = root(keys);
    for (int i = 0; i < to.size() - 1; i++) {
      directory = child(directory, to, i, keys);
      if (directory.uid().equals(moved.uid())) {
        throw new FileSystemException(join(to), null, "lies inside the directory to be renamed");
      }
    }
  }

  /**
   * Lists a directory.
   *
   * @param path the directory
   * @return its entries, in no order
   * @throws IOException if it is not there or no directory
   */
  public List<DirectoryEntry> list(String path) throws IOException {
    List<String> names = split(path);
    return run(
        keys -> {
          List<DirectoryEntry> entries = new ArrayList<>();
          for (Catalogue.Entry entry : new Catalogue(directory(names, keys)).list()) {
            entries.add(new DirectoryEntry(entry.name(), entry.type()));
          }
          return entries;
        });
  }

  /**
   * Describes one file or directory.
   *
   * @param path where it is
   * @return its attributes
   * @throws IOException if it is not there or damaged
   */
  public SecureFileAttributes stat(String path) throws IOException {
    List<String> names = split(path);
    return run(
        keys -> {
          if (names.isEmpty()) {
            return attributes(root(keys));
          }
          FileNode directory = parent(names, keys);
          Catalogue.Entry entry = find(directory, names);
          FileNode node = load(directory, entry, join(names), keys);
          SecureFileAttributes attributes = attributes(node);
          volume.disposeIfIdle(node);
          return attributes;
        });
  }

  /**
   * Describes all entries of a directory, with keys in batches.
   *
   * @param path the directory
   * @return their attributes, in no order
   * @throws IOException if it is not there or an entry is damaged
   */
  public List<SecureFileAttributes> listAttributes(String path) throws IOException {
    List<String> names = split(path);
    return run(
        keys -> {
          FileNode directory = directory(names, keys);
          List<Catalogue.Entry> entries = new Catalogue(directory).list();
          List<GrubRequest> missing = new ArrayList<>();
          for (Catalogue.Entry entry : entries) {
            if (!volume.nodes.containsKey(entry.uid()) && !keys.contains(entry.uid())) {
              missing.add(request(entry, join(names) + "/" + entry.name(), keys));
            }
          }
          if (!missing.isEmpty()) {
            throw new KeysNeeded(missing);
          }
          List<SecureFileAttributes> all = new ArrayList<>(entries.size());
          for (Catalogue.Entry entry : entries) {
            FileNode node = load(directory, entry, join(names) + "/" + entry.name(), keys);
            all.add(attributes(node));
            if (!node.isDirectory() || !known.containsKey(node.uid())) {
              volume.disposeIfIdle(node);
            }
          }
          return all;
        });
  }

  /**
   * Whether a path leads to something.
   *
   * @param path the path
   * @return whether it is there
   * @throws IOException if a directory on the way is damaged
   */
  public boolean exists(String path) throws IOException {
    List<String> names = split(path);
    return run(
        keys -> {
          if (names.isEmpty()) {
            return true;
          }
          try {
            FileNode directory = parent(names, keys);
            Bytes coded = Names.code(directory.header.namesKey, names.get(names.size() - 1));
            return new Catalogue(directory).find(coded) != null;
          } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
          }
        });
  }

  /** Describes an open file. */
  static SecureFileAttributes attributes(FileNode node) {
    node.lock.lock();
    try {
      FileHeader header = node.header;
      Instant modified = node.modified;
      return new SecureFileAttributes(
          header.name,
          header.type,
          node.isDirectory() ? 0 : node.length,
          header.created,
          modified == null ? header.modified : modified,
          header.uid,
          header.generation,
          node.from.isEmpty() ? node.host : node.from);
    } finally {
      node.lock.unlock();
    }
  }

  // ---- directories and files under the lock

  private void change(Change change) throws IOException {
    run(
        keys -> {
          change.run(keys);
          return Boolean.TRUE;
        });
  }

  private <R> R run(Operation<R> operation) throws IOException {
    try (KeyRing keys = new KeyRing()) {
      while (true) {
        List<GrubRequest> needed;
        volume.lock.lock();
        try {
          volume.requireUsable();
          return operation.run(keys);
        } catch (KeysNeeded e) {
          needed = e.requests;
        } finally {
          volume.lock.unlock();
        }
        List<Grub> answers = volume.session.grub(volume.file.id(), needed);
        keys.put(needed, answers);
      }
    }
  }

  private FileNode root(KeyRing keys) throws IOException, KeysNeeded {
    FileNode root = volume.nodes.get(volume.file.root());
    if (root == null) {
      Catalogue.Entry entry =
          new Catalogue.Entry(NO_NAME, volume.file.root(), FileType.DIRECTORY, "");
      root = load(null, entry, "/", keys);
      root.references++; // kept for as long as the volume is open
    }
    return root;
  }

  private FileNode parent(List<String> names, KeyRing keys) throws IOException, KeysNeeded {
    return directory(names.subList(0, names.size() - 1), keys);
  }

  private FileNode directory(List<String> names, KeyRing keys) throws IOException, KeysNeeded {
    FileNode directory = root(keys);
    for (int i = 0; i < names.size(); i++) {
      directory = child(directory, names, i, keys);
    }
    return directory;
  }

  private FileNode child(FileNode directory, List<String> names, int i, KeyRing keys)
      throws IOException, KeysNeeded {
    List<String> path = names.subList(0, i + 1);
    Catalogue.Entry entry = find(directory, path);
    if (entry.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(join(path));
    }
    return keep(load(directory, entry, join(path), keys));
  }

  private static Catalogue.Entry find(FileNode directory, List<String> names) throws IOException {
    Bytes coded = Names.code(directory.header.namesKey, names.get(names.size() - 1));
    Catalogue.Entry entry = new Catalogue(directory).find(coded);
    if (entry == null) {
      throw new NoSuchFileException(join(names));
    }
    return entry;
  }

  /** Keeps a directory known, and forgets the one that was used longest ago. */
  private FileNode keep(FileNode directory) throws IOException {
    if (known.put(directory.uid(), directory) == null) {
      directory.references++;
      if (known.size() > KNOWN_DIRECTORIES) {
        FileNode oldest = known.values().iterator().next();
        known.remove(oldest.uid());
        volume.release(oldest);
      }
    }
    return directory;
  }

  private void forgetDirectory(FileNode directory) throws IOException {
    if (known.remove(directory.uid()) != null) {
      directory.references--;
    }
  }

  /** A change of a catalogue; the pages on its way have been read before. */
  private interface CatalogueChange {
    void run() throws IOException;
  }

  /** Half a change of a catalogue must not be committed: if it fails, the volume stops. */
  private void whole(CatalogueChange change) throws IOException {
    try {
      change.run();
    } catch (IOException | RuntimeException e) {
      throw volume.fail(e);
    }
  }

  private void changed(FileNode directory) {
    volume.commits.namespaceChanged(directory);
  }

  private FileNode create(
      FileNode directory,
      Bytes coded,
      String name,
      Bytes uid,
      FileType type,
      String path,
      KeyRing keys)
      throws IOException, KeysNeeded {
    FileNode node;
    try (Grub grub = keys.take(uid)) {
      FileHeader header =
          new FileHeader(volume.file.id(), uid, grub.rnd(), 0, volume.options.sectorBytes());
      header.type = type;
      header.parent = directory.uid();
      header.codedName = coded;
      header.name = name;
      header.created = volume.now();
      header.modified = header.created;
      header.changed = header.created;
      header.accessed = header.created;
      FileKeys fileKeys = FileKeys.of(grub);
      if (type == FileType.DIRECTORY) {
        header.namesKey = fileKeys.namesKey();
      }
      node = new FileNode(volume, header, fileKeys, "", Names.host(coded), path);
    }
    if (type == FileType.DIRECTORY) {
      new Catalogue(node).create();
    }
    changed(directory);
    whole(() -> new Catalogue(directory).insert(new Catalogue.Entry(coded, uid, type, name)));
    volume.nodes.put(uid, node);
    volume.commits.namespaceChanged(node);
    if (type == FileType.DIRECTORY) {
      keep(node);
    }
    return node;
  }

  private void remove(FileNode directory, Catalogue.Entry entry) throws IOException {
    changed(directory);
    whole(() -> new Catalogue(directory).remove(entry.coded()));
    FileNode node = volume.nodes.get(entry.uid());
    if (node == null) {
      String host = Names.host(entry.coded());
      volume.commits.ended(new JournalRecord.Removal(entry.uid(), host, host));
      return;
    }
    forgetDirectory(node);
    if (node.references > 0) {
      node.lock.lock();
      try {
        node.unlinked = true;
        node.host = Names.transit(node.uid(), node.header.epoch);
      } finally {
        node.lock.unlock();
      }
      volume.commits.namespaceChanged(node);
    } else {
      node.unlinked = true;
      volume.forget(node);
    }
  }

  /** What to ask the element for, as one header copy or the other says. */
  private GrubRequest request(Catalogue.Entry entry, String path, KeyRing keys) throws IOException {
    List<GrubRequest> candidates = HeaderReader.requests(volume, entry.uid(), host(entry), path);
    return candidates.get(Math.min(keys.failed(entry.uid()), candidates.size() - 1));
  }

  private String host(Catalogue.Entry entry) {
    return entry.coded().equals(NO_NAME) ? ROOT_HOST : Names.host(entry.coded());
  }

  private FileNode load(
      @Nullable FileNode directory, Catalogue.Entry entry, String path, KeyRing keys)
      throws IOException, KeysNeeded {
    FileNode present = volume.nodes.get(entry.uid());
    if (present != null) {
      present.path = path;
      return present;
    }
    String host = host(entry);
    Grub grub = keys.get(entry.uid());
    if (grub == null) {
      throw new KeysNeeded(List.of(request(entry, path, keys)));
    }
    FileKeys fileKeys = FileKeys.of(grub);
    try {
      FileHeader header = HeaderReader.read(volume, host, path, fileKeys);
      Bytes parent = directory == null ? NO_UID : directory.uid();
      if (!header.uid.equals(entry.uid())
          || !header.volume.equals(volume.file.id())
          || !header.parent.equals(parent)
          || !header.codedName.equals(entry.coded())
          || header.type != entry.type()) {
        throw new IntegrityException(
            path, "header", -1, -1, -1, "it belongs to another name, directory or volume");
      }
      FileNode node = new FileNode(volume, header, fileKeys, host, host, path);
      volume.nodes.put(node.uid(), node);
      return node;
    } catch (IOException e) {
      fileKeys.close();
      int candidates = HeaderReader.requests(volume, entry.uid(), host, path).size();
      if (keys.failed(entry.uid()) + 1 < candidates) {
        keys.reject(entry.uid());
        throw new KeysNeeded(List.of(request(entry, path, keys)));
      }
      throw e;
    }
  }

  private static Bytes newUid() {
    byte[] uid = new byte[GrubRequest.UID_LENGTH];
    RANDOM.nextBytes(uid);
    return Bytes.copyOf(uid);
  }

  /** Makes the root directory of a new volume. */
  static FileNode createRoot(Volume volume, Grub grub) throws IOException {
    FileHeader header =
        new FileHeader(
            volume.file.id(), volume.file.root(), grub.rnd(), 0, volume.options.sectorBytes());
    header.type = FileType.DIRECTORY;
    header.created = volume.now();
    header.modified = header.created;
    header.changed = header.created;
    header.accessed = header.created;
    FileKeys keys = FileKeys.of(grub);
    header.namesKey = keys.namesKey();
    FileNode root = new FileNode(volume, header, keys, "", ROOT_HOST, "/");
    root.references++;
    volume.nodes.put(root.uid(), root);
    new Catalogue(root).create();
    volume.commits.namespaceChanged(root);
    return root;
  }
}
