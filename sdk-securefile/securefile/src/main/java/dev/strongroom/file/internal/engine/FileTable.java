// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.format.v1.AttributeStreamName;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.SystemFile;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a volume that are in memory: loads them from their host files, makes new ones, ends
 * those that lose their name, and keeps the directories and links that were used last.
 *
 * <p>Thread safety: guarded by the volume's lock.
 */
final class FileTable {

  static final Bytes NO_NAME = Bytes.copyOf(new byte[32]);
  static final String ROOT_HOST = Names.FILES + "/root";

  /** What messages add to a path when they mean its attribute stream. */
  static final String STREAM = " (user attributes)";

  /** What the header of a new file takes in place. */
  private static final long NEW_FILE_BYTES = 2L * FileHeader.DEFAULT_BYTES;

  private static final SecureRandom RANDOM = new SecureRandom();
  static final Bytes NO_UID = Bytes.copyOf(new byte[16]);

  /** Directories and links whose keys are kept, beside those that are in use. */
  private static final int KNOWN = 256;

  /** A new file, as its maker wants it. */
  record NewFile(
      FileNode directory,
      Bytes coded,
      String name,
      Bytes uid,
      FileType type,
      int mode,
      KeyScope scope) {}

  /** Fills a new file before it gets its name. */
  interface Content {
    void writeTo(FileNode node) throws IOException;
  }

  /** For the catalogue page that a walk is looking at; guarded by the volume's lock. */
  final byte[] page = new byte[Catalogue.PAGE];

  private final Volume volume;

  /** The volume's own files, as far as they have been asked for. */
  private final Map<SystemFile, FileNode> pinned = new EnumMap<>(SystemFile.class);

  private final LinkedHashMap<Bytes, FileNode> known = new LinkedHashMap<>(16, 0.75f, true);

  FileTable(Volume volume) {
    this.volume = volume;
  }

  static Bytes newUid() {
    return random(GrubRequest.UID_LENGTH);
  }

  private static Bytes random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  // ---- loading

  FileNode root(KeyRing keys) throws IOException, KeysNeeded {
    FileNode root = volume.nodes.get(volume.file.root());
    if (root == null) {
      Catalogue.Entry entry =
          new Catalogue.Entry(NO_NAME, volume.file.root(), FileType.DIRECTORY, "");
      root = load(null, entry, "/", keys);
      root.references++; // kept for as long as the volume is open
    }
    root.path = "/";
    return root;
  }

  /** What to ask the element for, as one header copy or the other says. */
  KeyRequest request(Catalogue.Entry entry, String path, KeyRing keys) throws IOException {
    List<KeyRequest> candidates =
        HeaderReader.requests(volume, keys, entry.uid(), host(entry), path);
    return candidates.get(Math.min(keys.failed(entry.uid()), candidates.size() - 1));
  }

  private static String host(Catalogue.Entry entry) {
    return host(entry.coded());
  }

  /** The host file of a coded name, or of what has none. */
  static String host(Bytes coded) {
    SystemFile system = SystemFile.of(coded);
    if (system != null) {
      return system.host();
    }
    return coded.equals(NO_NAME) ? ROOT_HOST : Names.host(coded);
  }

  FileNode load(@Nullable FileNode directory, Catalogue.Entry entry, String path, KeyRing keys)
      throws IOException, KeysNeeded {
    return loadBound(Binding.in(directory), entry, path, keys);
  }

  /** Loads the attribute stream that a file names. */
  FileNode loadStream(FileNode owner, AttributeStreamName stream, KeyRing keys)
      throws IOException, KeysNeeded {
    Catalogue.Entry entry = new Catalogue.Entry(stream.coded(), stream.uid(), FileType.FILE, "");
    return loadBound(new Binding(owner.uid(), true, null, false), entry, streamPath(owner), keys);
  }

  private static String streamPath(FileNode owner) {
    return owner.path + STREAM;
  }

  /** What a header must say beside its entry's UID, coded name and type. */
  private record Binding(
      Bytes parent, boolean stream, @Nullable SystemFile system, boolean listed) {

    /** Of what a directory lists; of the root directory, which none does. */
    static Binding in(@Nullable FileNode directory) {
      return directory == null
          ? new Binding(NO_UID, false, null, false)
          : new Binding(directory.uid(), false, null, true);
    }
  }

  private FileNode loadBound(Binding binding, Catalogue.Entry entry, String path, KeyRing keys)
      throws IOException, KeysNeeded {
    FileNode node = bring(binding, entry, path, keys);
    if (!node.admitted) {
      try {
        volume.ledger.requireCurrent(node.header, path);
      } catch (IOException e) {
        volume.disposeIfIdle(node);
        throw e;
      }
      node.admitted = true;
    }
    return node;
  }

  /** Loads a file whether or not it is the current one, for a check or its end. */
  FileNode loadAny(@Nullable FileNode directory, Catalogue.Entry entry, String path, KeyRing keys)
      throws IOException, KeysNeeded {
    return bring(Binding.in(directory), entry, path, keys);
  }

  private FileNode bring(Binding binding, Catalogue.Entry entry, String path, KeyRing keys)
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
      FileHeader header = HeaderReader.read(volume, keys, entry.uid(), host, path, fileKeys);
      if (!header.uid.equals(entry.uid())
          || !header.volume.equals(volume.file.id())
          || !header.parent.equals(binding.parent())
          || !header.codedName.equals(entry.coded())
          || header.type != entry.type()
          || header.attributeStream != binding.stream()
          || header.system != binding.system()) {
        throw new IntegrityException(
            path, "header", -1, -1, -1, "it belongs to another name, directory or volume");
      }
      if (binding.listed() && entry.streamed() != (header.stream != null)) {
        throw new IntegrityException(
            path,
            "catalogue page",
            -1,
            -1,
            -1,
            "its directory and its header do not agree on whether it has an attribute stream");
      }
      FileNode node = new FileNode(volume, header, fileKeys, host, host, path);
      node.place.adopt(keys.takeFile(node.uid()));
      volume.nodes.put(node.uid(), node);
      return node;
    } catch (IOException e) {
      fileKeys.close();
      if (keys.rejectEarly(entry.uid())) {
        throw new KeysNeeded(List.of(request(entry, path, keys)));
      }
      int candidates = HeaderReader.requests(volume, keys, entry.uid(), host, path).size();
      if (keys.failed(entry.uid()) + 1 < candidates) {
        keys.reject(entry.uid());
        throw new KeysNeeded(List.of(request(entry, path, keys)));
      }
      throw e;
    }
  }

  /** Keeps a directory or link known, so that the element is not asked for its keys again. */
  FileNode keep(FileNode node) {
    if (known.put(node.uid(), node) == null) {
      node.references++;
    }
    return node;
  }

  boolean isKnown(FileNode node) {
    return known.containsKey(node.uid());
  }

  /** Forgets those that were used longest ago; not in the middle of an operation on them. */
  void forgetOldest() throws IOException {
    while (known.size() > KNOWN) {
      FileNode oldest = known.values().iterator().next();
      known.remove(oldest.uid());
      volume.release(oldest);
    }
  }

  // ---- the volume's own files

  /** What a directory would say of one of the volume's own files. */
  static Catalogue.Entry systemEntry(Volume volume, SystemFile file) {
    return new Catalogue.Entry(file.coded(), volume.file.system().uid(file), FileType.FILE, "");
  }

  /** Whether one of the volume's own files has been made. */
  boolean isMade(SystemFile file) throws IOException {
    volume.lock.lock();
    try {
      return volume.nodes.containsKey(volume.file.system().uid(file))
          || volume.store.exists(file.host());
    } finally {
      volume.lock.unlock();
    }
  }

  /**
   * One of the volume's own files, which stays in memory from now on.
   *
   * @return the file, or null if it has not been made yet
   */
  @Nullable FileNode system(SystemFile file, KeyRing keys) throws IOException, KeysNeeded {
    FileNode known = pinned.get(file);
    if (known != null) {
      return known;
    }
    if (!isMade(file)) {
      volume.ledger.requireNeverMade(file);
      return null;
    }
    Catalogue.Entry entry = systemEntry(volume, file);
    Binding binding = new Binding(volume.file.uid(), false, file, false);
    return pin(file, loadBound(binding, entry, file.host(), keys));
  }

  /** Makes one of the volume's own files, which stays in memory from now on. */
  FileNode createSystem(SystemFile file, KeyRing keys, Content content)
      throws IOException, KeysNeeded {
    try (Grub grub = keys.take(volume.file.system().uid(file))) {
      return createSystem(file, grub, content);
    }
  }

  /** The same with keys that the caller has. */
  FileNode createSystem(SystemFile file, Grub grub, Content content) throws IOException {
    Bytes uid = volume.file.system().uid(file);
    volume.reserveSpace(NEW_FILE_BYTES + Catalogue.PAGE);
    FileNode node = newSystem(volume, file, grub);
    node.admitted = true;
    node.owes(NEW_FILE_BYTES);
    fill(node, content);
    volume.nodes.put(uid, node);
    volume.commits.namespaceChanged(node);
    return pin(file, node);
  }

  /** Forgets one of the volume's own files that was never committed. */
  void dropSystem(SystemFile file) throws IOException {
    FileNode node = pinned.remove(file);
    if (node != null) {
      node.references--;
      volume.forget(node);
    }
  }

  /** Forgets one of the volume's own files that is to be made anew. */
  void forgetSystem(SystemFile file) {
    pinned.remove(file);
    FileNode node = volume.nodes.remove(volume.file.system().uid(file));
    if (node != null) {
      volume.commits.forget(node);
      node.close();
    }
  }

  private FileNode pin(SystemFile file, FileNode node) {
    if (pinned.put(file, node) != node) {
      node.references++;
    }
    return node;
  }

  private static FileNode newSystem(Volume volume, SystemFile file, Grub grub) {
    Bytes uid = volume.file.system().uid(file);
    FileHeader header = volume.header(KeyRequest.create(uid), grub, FileHeader.DEFAULT_BYTES);
    volume.files.begin(header, FileType.FILE, Namespace.FILE_MODE);
    header.system = file;
    header.parent = volume.file.uid();
    header.codedName = file.coded();
    return new FileNode(volume, header, FileKeys.of(grub), "", file.host(), file.host());
  }

  // ---- names

  /** A change of a catalogue; the pages on its way have been read before. */
  interface CatalogueChange {
    void run() throws IOException;
  }

  /** Half a change of a catalogue must not be committed: if it fails, the volume stops. */
  void whole(CatalogueChange change) throws IOException {
    try {
      change.run();
    } catch (IOException | RuntimeException e) {
      throw volume.fail(e);
    }
  }

  void changed(FileNode directory) {
    volume.commits.namespaceChanged(directory);
  }

  /** Makes a file and gives it its name; what fails before that leaves nothing behind. */
  FileNode create(NewFile file, String path, KeyRing keys, Content content)
      throws IOException, KeysNeeded {
    FileNode directory = file.directory();
    FileNode node;
    try (Grub grub = keys.take(file.uid())) {
      volume.reserveSpace(NEW_FILE_BYTES + Catalogue.PAGE);
      FileHeader header = newHeader(file.uid(), grub);
      begin(header, file.type(), file.mode());
      header.scope = file.scope();
      header.parent = directory.uid();
      header.codedName = file.coded();
      header.name = file.name();
      FileKeys fileKeys = FileKeys.of(grub);
      if (file.type() == FileType.DIRECTORY) {
        header.namesKey = fileKeys.namesKey();
      }
      node = new FileNode(volume, header, fileKeys, "", Names.host(file.coded()), path);
    }
    node.owes(NEW_FILE_BYTES);
    node.admitted = true;
    fill(node, content);
    changed(directory);
    Catalogue.Entry entry = new Catalogue.Entry(file.coded(), file.uid(), file.type(), file.name());
    whole(() -> new Catalogue(directory).insert(entry));
    volume.nodes.put(file.uid(), node);
    volume.commits.namespaceChanged(node);
    if (file.type() == FileType.DIRECTORY) {
      keep(node);
    }
    return node;
  }

  /** Makes a file that has no name yet; in use, and open for writing, by the caller. */
  FileNode createUnnamed(Bytes uid, String path, KeyRing keys) throws IOException, KeysNeeded {
    FileNode node;
    try (Grub grub = keys.take(uid)) {
      volume.reserveSpace(NEW_FILE_BYTES);
      FileHeader header = newHeader(uid, grub);
      begin(header, FileType.FILE, Namespace.FILE_MODE);
      header.scope = volume.options.keyScope();
      String host = Names.transit(uid, 0);
      node = new FileNode(volume, header, FileKeys.of(grub), "", host, path);
    }
    node.unlinked = true;
    node.admitted = true;
    node.owes(NEW_FILE_BYTES);
    node.references = 1;
    node.writers = 1;
    volume.nodes.put(uid, node);
    return node;
  }

  private void fill(FileNode node, Content content) throws IOException {
    try {
      content.writeTo(node);
    } catch (IOException | RuntimeException e) {
      volume.commits.forget(node);
      node.close();
      volume.deleteUncommitted(node);
      throw e;
    }
  }

  /** Makes an attribute stream; the caller binds its owner to it. */
  FileNode createStream(FileNode owner, Bytes uid, KeyRing keys, Content content)
      throws IOException, KeysNeeded {
    FileNode node;
    try (Grub grub = keys.take(uid)) {
      volume.reserveSpace(NEW_FILE_BYTES);
      FileHeader header = newHeader(uid, grub);
      begin(header, FileType.FILE, Namespace.FILE_MODE);
      header.attributeStream = true;
      header.parent = owner.uid();
      header.codedName = random(32);
      String host = Names.host(header.codedName);
      node = new FileNode(volume, header, FileKeys.of(grub), "", host, streamPath(owner));
    }
    node.owes(NEW_FILE_BYTES);
    fill(node, content);
    volume.nodes.put(uid, node);
    volume.commits.namespaceChanged(node);
    return node;
  }

  /** Ends a file's attribute stream, if it has one, in the commit that says so of the file. */
  void endStream(FileNode owner) throws IOException {
    AttributeStreamName stream = owner.header.stream;
    if (stream == null) {
      return;
    }
    owner.header.stream = null;
    FileNode node = volume.nodes.get(stream.uid());
    if (node == null) {
      String host = Names.host(stream.coded());
      volume.commits.ended(new JournalRecord.Removal(stream.uid(), host, host));
    } else {
      end(node);
    }
  }

  /** Ends a file that has lost its name, at its last close if somebody has it open. */
  private void end(FileNode node) throws IOException {
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

  private FileHeader newHeader(Bytes uid, Grub pair) {
    return volume.header(KeyRequest.create(uid), pair, volume.options.sectorBytes());
  }

  void begin(FileHeader header, FileType type, int mode) {
    header.type = type;
    header.mode = mode;
    header.created = volume.now();
    header.modified = header.created;
    header.changed = header.created;
    header.accessed = header.created;
  }

  /** Takes a name away; the file ends, at its last close if somebody has it open. */
  void remove(FileNode directory, Catalogue.Entry entry, String path, KeyRing keys)
      throws IOException, KeysNeeded {
    FileNode node = volume.nodes.get(entry.uid());
    if (node == null && entry.streamed()) {
      node = loadToEnd(directory, entry, path, keys);
    }
    changed(directory);
    whole(() -> new Catalogue(directory).remove(entry.coded()));
    volume.ledger.ends(entry.uid());
    if (node == null) {
      String host = Names.host(entry.coded());
      volume.commits.ended(new JournalRecord.Removal(entry.uid(), host, host));
      return;
    }
    endStream(node);
    if (known.remove(node.uid()) != null) {
      node.references--;
    }
    end(node);
  }

  /** Loads a file that names its attribute stream; a damaged one can be removed without. */
  private @Nullable FileNode loadToEnd(
      FileNode directory, Catalogue.Entry entry, String path, KeyRing keys)
      throws IOException, KeysNeeded {
    try {
      return loadAny(directory, entry, path, keys);
    } catch (IntegrityException e) {
      volume.log(path + " is damaged; the host file of its user attributes stays", e);
      return null;
    }
  }

  /** Makes the root directory of a new volume. */
  static FileNode createRoot(Volume volume, Grub grub) throws IOException {
    FileHeader header = volume.files.newHeader(volume.file.root(), grub);
    volume.files.begin(header, FileType.DIRECTORY, Namespace.DIRECTORY_MODE);
    FileKeys keys = FileKeys.of(grub);
    header.namesKey = keys.namesKey();
    FileNode root = new FileNode(volume, header, keys, "", ROOT_HOST, "/");
    volume.ledger.renew(header); // where there was one before
    root.admitted = true;
    root.references++;
    volume.nodes.put(root.uid(), root);
    new Catalogue(root).create();
    volume.commits.namespaceChanged(root);
    return root;
  }
}
