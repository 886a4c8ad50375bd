// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.PageKeysUnsupportedException;
import dev.strongroom.file.RecoveryElementException;
import dev.strongroom.file.SecureCreateMode;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.engine.Walk.LastLink;
import dev.strongroom.file.internal.engine.Walk.Place;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Names;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The names of a volume: making, listing, renaming and removing files, directories and symbolic
 * links, and the opening of the files that paths lead to.
 *
 * <p>Thread safety: thread-safe; works under the volume's lock.
 */
public final class Namespace {

  /** Permission bits of a file whose maker names none. */
  static final int FILE_MODE = 0600;

  /** Permission bits of a directory whose maker names none. */
  public static final int DIRECTORY_MODE = 0700;

  /** Permission bits of a symbolic link, as on Linux. */
  private static final int LINK_MODE = 0777;

  /**
   * What the caller wants of an existing or missing file.
   *
   * @param mode permission bits of a file that is made
   * @param scope for what the keys of a file that is made are derived
   */
  record OpenMode(
      boolean create,
      boolean createNew,
      boolean write,
      boolean transaction,
      boolean deleteOnClose,
      LastLink last,
      int mode,
      KeyScope scope) {}

  private final Volume volume;

  /**
   * Works on a volume.
   *
   * @param volume the open volume
   */
  public Namespace(Volume volume) {
    this.volume = volume;
  }

  // ---- opening

  /**
   * Opens a file; the caller gives it back with {@link Volume#release}.
   *
   * @param path where it is
   * @param mode what is wanted
   * @return the file, with one more reference
   * @throws IOException if it is not there, is there against the caller's will, or is damaged
   */
  FileNode open(String path, OpenMode mode) throws IOException {
    if (mode.write() || mode.deleteOnClose()) {
      volume.requireWritable();
    }
    Bytes fresh = FileTable.newUid();
    FileNode opened = KeyRing.run(volume, keys -> openFile(path, mode, fresh, keys));
    if (mode.write() && opened.isExhausted() && opened.references == 1 && !opened.unlinked) {
      volume.releaseWriter(opened);
      rekey(path);
      opened = KeyRing.run(volume, keys -> openFile(path, mode, fresh, keys));
    }
    return opened;
  }

  private FileNode openFile(String path, OpenMode mode, Bytes fresh, KeyRing keys)
      throws IOException, KeysNeeded {
    // A new file is made under its own name, never where a link of that name leads.
    Place place = Walk.find(volume, keys, path, mode.createNew() ? LastLink.MEANT : mode.last());
    Catalogue.Entry entry = place.entry();
    if (entry == null && !mode.create() && !mode.createNew()) {
      throw new NoSuchFileException(place.path());
    }
    if (entry != null && mode.createNew()) {
      throw new FileAlreadyExistsException(place.path());
    }
    requireFile(place);
    FileNode node;
    if (entry == null) {
      requirePageKeys(mode.scope(), place.path());
      node =
          volume.files.create(
              new FileTable.NewFile(
                  place.directory(),
                  place.coded(),
                  place.name(),
                  fresh,
                  FileType.FILE,
                  mode.mode(),
                  mode.scope()),
              place.path(),
              keys,
              made -> {});
      entry = new Catalogue.Entry(place.coded(), fresh, FileType.FILE, place.name());
    } else {
      node = place.node(volume, keys);
      requirePageKeys(node.header.scope, place.path());
    }
    node.references++;
    try {
      if (mode.write()) {
        enterMode(node, mode, place.path());
        node.writers++;
      }
      if (mode.deleteOnClose()) {
        volume.files.remove(place.directory(), entry, place.path(), keys);
      }
      volume.commits.commitNamesIfMany();
      return node;
    } catch (IOException e) {
      node.references--;
      node.writers -= mode.write() && node.writers > 0 ? 1 : 0;
      throw e;
    }
  }

  /**
   * Refuses a file whose pages have keys of their own if the element does not derive them, or a
   * recovery element could not have them.
   */
  void requirePageKeys(KeyScope scope, String path) throws IOException {
    if (scope == KeyScope.PAGE && volume.file.elements().recovery() != null) {
      throw new RecoveryElementException(
          volume.store.toString(), RecoveryElementException.Reason.NOT_RECOVERABLE);
    }
    ElementInfo info = volume.session.info();
    if (scope == KeyScope.PAGE && !info.capabilities().contains(Capability.GRUB_PAGES)) {
      throw new PageKeysUnsupportedException(path, info.serialNumber());
    }
  }

  static void requireFile(Place place) throws FileSystemException {
    if (place.isRoot() || place.isType(FileType.DIRECTORY)) {
      throw new FileSystemException(place.path(), null, "is a directory");
    }
    if (place.isType(FileType.SYMBOLIC_LINK)) {
      throw new FileSystemException(
          place.path(), null, "too many levels of symbolic links (NOFOLLOW_LINKS specified)");
    }
  }

  /**
   * Takes a file or directory into use for a check; the caller gives it back with {@link
   * Volume#release}.
   */
  FileNode hold(String path) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          Place place = Walk.find(volume, keys, path, LastLink.MEANT);
          FileNode node = place.isRoot() ? volume.files.root(keys) : place.anyNode(volume, keys);
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
    rekey(path, keys -> closedFile(path, keys), fresh -> {});
  }

  /**
   * Gives a file new keys that one opening has open, and that has no changes of a transaction.
   *
   * @param open the file
   * @param replaced gets what the opening goes on with, under the volume's lock; it has taken over
   *     the references
   * @throws IOException if others have it open, it has lost the name by which it was opened, or it
   *     is damaged
   */
  void rekey(FileNode open, Consumer<FileNode> replaced) throws IOException {
    volume.requireWritable();
    String path = open.path;
    KeyRing.run(volume, keys -> onlyOpening(open, path, keys));
    rekey(path, keys -> onlyOpening(open, path, keys), replaced);
  }

  private void rekey(String path, KeyRing.Operation<FileNode> file, Consumer<FileNode> replaced)
      throws IOException {
    new UserAttributes(volume).renew(path);
    KeyRequest next =
        KeyRing.run(
            volume,
            keys -> {
              FileNode node = file.run(keys);
              FileHeader header = node.header;
              volume.disposeIfIdle(node);
              return KeyRequest.next(header);
            });
    try (Grub fresh = volume.pairs(List.of(next)).get(0)) {
      KeyRing.change(
          volume,
          keys -> {
            FileNode node = file.run(keys);
            if (node.uid().equals(next.uid()) && node.header.epoch + 1 == next.epoch()) {
              new Rekeying(volume).run(node, next, fresh, replaced);
            }
          });
    }
  }

  private FileNode onlyOpening(FileNode open, String path, KeyRing keys)
      throws IOException, KeysNeeded {
    Place place = Walk.find(volume, keys, path, LastLink.FOLLOWED);
    if (open.unlinked || place.entry() == null || place.node(volume, keys) != open) {
      throw new FileSystemException(path, null, "has lost this name; close it and open it again");
    }
    if (open.references > 1) {
      throw new FileSystemException(path, null, "is open elsewhere, too; close it there first");
    }
    if (open.transactional && open.isDirty()) {
      throw new FileSystemException(path, null, "has changes that are not committed");
    }
    return open;
  }

  private FileNode closedFile(String path, KeyRing keys) throws IOException, KeysNeeded {
    Place place = Walk.find(volume, keys, path, LastLink.FOLLOWED);
    requireFile(place);
    FileNode node = place.node(volume, keys);
    if (node.references > 0) {
      throw new FileSystemException(place.path(), null, "is open; close it first");
    }
    return node;
  }

  // ---- making

  private FileNode create(
      Place place, Bytes uid, FileType type, int mode, KeyRing keys, FileTable.Content content)
      throws IOException, KeysNeeded {
    return volume.files.create(
        new FileTable.NewFile(
            place.directory(), place.coded(), place.name(), uid, type, mode, KeyScope.FILE),
        place.path(),
        keys,
        content);
  }

  private void createNew(String path, FileType type, int mode, FileTable.Content content)
      throws IOException {
    volume.requireWritable();
    Bytes fresh = FileTable.newUid();
    KeyRing.change(
        volume,
        keys -> {
          Place place = Walk.find(volume, keys, path, LastLink.MEANT);
          if (place.entry() != null) {
            throw new FileAlreadyExistsException(place.path());
          }
          create(place, fresh, type, mode, keys, content);
          volume.commits.commitNamesIfMany();
        });
  }

  /**
   * Makes a directory.
   *
   * @param path where
   * @param mode permission bits, 0 to 07777
   * @throws IOException if its name is taken or its parent is not there
   */
  public void createDirectory(String path, int mode) throws IOException {
    createNew(
        path,
        FileType.DIRECTORY,
        new SecureCreateMode(mode).mode(),
        node -> new Catalogue(node).create());
  }

  /**
   * Makes a symbolic link.
   *
   * @param path where
   * @param target what it leads to; need not be there
   * @throws IOException if its name is taken, its parent is not there, or the target cannot stand
   *     in a link
   */
  public void createSymbolicLink(String path, String target) throws IOException {
    byte[] bytes = LinkTarget.check(target);
    createNew(
        path, FileType.SYMBOLIC_LINK, LINK_MODE, node -> node.write(0, bytes, 0, bytes.length));
  }

  /**
   * Reads a symbolic link.
   *
   * @param path the link
   * @return its target
   * @throws NotLinkException if it is no link
   * @throws IOException if it is not there or damaged
   */
  public String readSymbolicLink(String path) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          Place place = Walk.find(volume, keys, path, LastLink.MEANT);
          if (place.found().type() != FileType.SYMBOLIC_LINK) {
            throw new NotLinkException(place.path());
          }
          FileNode link = place.node(volume, keys);
          try {
            return LinkTarget.read(link);
          } finally {
            volume.disposeIfIdle(link);
          }
        });
  }

  // ---- removing and renaming

  /**
   * Removes a file, a symbolic link or an empty directory.
   *
   * @param path where
   * @throws IOException if it is not there or not empty
   */
  public void delete(String path) throws IOException {
    volume.requireWritable();
    KeyRing.change(
        volume,
        keys -> {
          Place place = Walk.find(volume, keys, path, LastLink.MEANT);
          place.requireName("removed");
          Catalogue.Entry entry = place.found();
          requireEmpty(place, keys);
          volume.files.remove(place.directory(), entry, place.path(), keys);
        });
  }

  /**
   * Renames a file, a symbolic link or a directory.
   *
   * @param source where it is
   * @param target where it will be
   * @param replace whether a file, or an empty directory, may be replaced
   * @throws IOException if it is not there, the target is in the way, or would be inside itself
   */
  public void rename(String source, String target, Replace replace) throws IOException {
    volume.requireWritable();
    KeyRing.change(
        volume,
        keys -> {
          Place from = Walk.find(volume, keys, source, LastLink.MEANT);
          from.requireName("renamed");
          Catalogue.Entry entry = from.found();
          Place to = Walk.find(volume, keys, target, LastLink.MEANT);
          to.requireName("replaced");
          if (to.above().stream().anyMatch(each -> each.uid().equals(entry.uid()))) {
            throw new FileSystemException(
                to.path(), null, "lies inside the directory to be renamed");
          }
          Catalogue.Entry old = to.entry();
          boolean same = old != null && old.uid().equals(entry.uid());
          if (old != null && same && old.name().equals(to.name())) {
            return;
          }
          if (old != null && !same) {
            requireReplaceable(entry, old, to, replace, keys);
          }
          FileNode node = from.node(volume, keys);
          if (old != null && !same) {
            volume.files.remove(to.directory(), old, to.path(), keys);
          }
          move(node, entry, from, to);
        });
  }

  private void move(FileNode node, Catalogue.Entry entry, Place from, Place to) throws IOException {
    FileNode directory = to.directory();
    volume.files.changed(from.directory());
    volume.files.changed(directory);
    volume.files.whole(() -> new Catalogue(from.directory()).remove(entry.coded()));
    Catalogue.Entry renamed =
        new Catalogue.Entry(to.coded(), entry.uid(), entry.type(), to.name(), entry.streamed());
    volume.files.whole(() -> new Catalogue(directory).insert(renamed));
    node.lock.lock();
    try {
      node.header.parent = directory.uid();
      node.header.codedName = to.coded();
      node.header.name = to.name();
      node.host = Names.host(to.coded());
      node.path = to.path();
      node.attributesChanged();
    } finally {
      node.lock.unlock();
    }
    volume.commits.namespaceChanged(node);
  }

  /** Whether a rename may take the place of what is there. */
  public enum Replace {
    /** As POSIX: a file replaces a file, a directory an empty directory. */
    YES,
    /** Nothing is replaced. */
    NO
  }

  private void requireReplaceable(
      Catalogue.Entry entry, Catalogue.Entry old, Place to, Replace replace, KeyRing keys)
      throws IOException, KeysNeeded {
    if (replace == Replace.NO) {
      throw new FileAlreadyExistsException(to.path());
    }
    if (entry.type() == FileType.DIRECTORY && old.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(to.path());
    }
    if (entry.type() != FileType.DIRECTORY && old.type() == FileType.DIRECTORY) {
      throw new FileSystemException(to.path(), null, "is a directory");
    }
    requireEmpty(to, keys);
  }

  private void requireEmpty(Place place, KeyRing keys) throws IOException, KeysNeeded {
    if (place.isType(FileType.DIRECTORY) && new Catalogue(place.node(volume, keys)).size() > 0) {
      throw new DirectoryNotEmptyException(place.path());
    }
  }

  // ---- listing

  /**
   * Lists a directory.
   *
   * @param path the directory
   * @return its entries, in no order
   * @throws IOException if it is not there or no directory
   */
  public List<DirectoryEntry> list(String path) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          FileNode directory = Walk.directory(volume, keys, path);
          List<DirectoryEntry> entries = new ArrayList<>();
          for (Catalogue.Entry entry : new Catalogue(directory).list()) {
            entries.add(new DirectoryEntry(entry.name(), entry.type()));
          }
          return entries;
        });
  }

  /**
   * Whether a path leads to something.
   *
   * @param path the path
   * @param options whether a link that it ends at is followed
   * @return whether it is there
   * @throws IOException if a directory on the way is damaged
   */
  public boolean exists(String path, LinkOption... options) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          try {
            return Walk.find(volume, keys, path, LastLink.of(options)).entry() != null;
          } catch (NoSuchFileException | NotDirectoryException | FileSystemLoopException e) {
            return false;
          }
        });
  }
}
