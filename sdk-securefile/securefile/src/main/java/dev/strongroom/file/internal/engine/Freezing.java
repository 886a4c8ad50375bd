// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.engine.Walk.LastLink;
import dev.strongroom.file.internal.engine.Walk.Place;
import dev.strongroom.file.internal.format.v1.SystemFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends earlier states of files: those before a freeze, or all of them.
 *
 * <p>With a file go the directories that lead to it, since an older list of names could bring back
 * another file that had the name before.
 *
 * <p>Files are taken in batches, as many as the element derives keys for at once; a batch is one
 * record or more, each of which ends states of some of the files as a whole. The element moves by
 * one step after the last.
 *
 * <p>Thread safety: thread-safe; works under the volume's lock.
 */
public final class Freezing {

  private static final int BATCH = 64;

  /** What one file adds to a record, with the pages of the ledger that it may change. */
  private static final long RECORD_BYTES = 2048 + LedgerCommit.LEAF_BYTES;

  /** Which states of what a path leads to are ended. */
  private enum States {
    /** All before the present one. */
    EARLIER,
    /** The present one too; not of directories. */
    ALL,
    /** The present ones of files and links too, in a tree whose directories stay. */
    ALL_BUT_DIRECTORIES
  }

  private final Volume volume;

  /**
   * Works on a volume.
   *
   * @param volume the open volume
   */
  public Freezing(Volume volume) {
    this.volume = volume;
  }

  /**
   * Ends all states but the present one of files, and of the directories that lead to them.
   *
   * @param paths files, directories and links; links are followed
   * @throws IOException if one of them is not there or damaged, or the store or the element fails
   */
  public void freeze(List<String> paths) throws IOException {
    all(paths, States.EARLIER);
  }

  /**
   * Ends all states but the present one of what a path leads to, of all below, and of the
   * directories that lead there.
   *
   * @param path a directory, or a file
   * @throws IOException if it is not there, something is damaged, or the store or the element fails
   */
  public void freezeTree(String path) throws IOException {
    tree(path, States.EARLIER);
  }

  /**
   * Ends all states of files, the present one too, and freezes the directories that lead to them.
   *
   * @param paths files and links; links are followed
   * @throws FileSystemException if one of them is a directory
   * @throws IOException if one of them is not there, or the store or the element fails
   */
  public void invalidate(List<String> paths) throws IOException {
    all(paths, States.ALL);
  }

  /**
   * Ends all states of all files and links below a path, and freezes the directories among them and
   * those that lead there.
   *
   * @param path a directory, or a file
   * @throws IOException if it is not there, a directory is damaged, or the store or the element
   *     fails
   */
  public void invalidateTree(String path) throws IOException {
    tree(path, States.ALL_BUT_DIRECTORIES);
  }

  /**
   * The version of a file.
   *
   * @param path where it is; a link is followed
   * @return the number of its last freeze, unsigned; 0 before the first
   * @throws IOException if it is not there or damaged, or not the current one
   */
  public long version(String path) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          FileNode node = Walk.find(volume, keys, path, LastLink.FOLLOWED).node(volume, keys);
          volume.disposeIfIdle(node);
          return node.header.version;
        });
  }

  private void all(List<String> paths, States states) throws IOException {
    long version = begin();
    settleAfter(() -> inBatches(paths, version, LastLink.FOLLOWED, states));
  }

  private void tree(String path, States states) throws IOException {
    long version = begin();
    settleAfter(
        () -> {
          Deque<String> directories = new ArrayDeque<>();
          if (isDirectory(path)) {
            directories.push(path);
          }
          end(List.of(path), version, LastLink.MEANT, states);
          while (!directories.isEmpty()) {
            String directory = directories.pop();
            List<String> below = below(directory, directories);
            inBatches(below, version, LastLink.MEANT, states);
          }
        });
  }

  /** Makes sure that there can be a ledger; answers the version of what is frozen. */
  private long begin() throws IOException {
    volume.requireWritable();
    volume.ledger.requireSlot();
    volume.lock.lock();
    try {
      return volume.ledger.nextVersion();
    } finally {
      volume.lock.unlock();
    }
  }

  /** Work that changes the ledger. */
  private interface Work {
    void run() throws IOException;
  }

  /** What was done before an error is vouched for all the same. */
  private void settleAfter(Work work) throws IOException {
    IOException problem = null;
    try {
      work.run();
    } catch (IOException e) {
      problem = e;
    }
    try {
      if (problem == null || (volume.isOpen() && !volume.hasFailed())) {
        volume.ledger.settle();
      }
    } catch (IOException e) {
      problem = Commits.collect(problem, e);
    }
    if (problem != null) {
      throw problem;
    }
  }

  private void inBatches(List<String> paths, long version, LastLink last, States states)
      throws IOException {
    for (int from = 0; from < paths.size(); from += BATCH) {
      end(paths.subList(from, Math.min(paths.size(), from + BATCH)), version, last, states);
    }
  }

  private boolean isDirectory(String path) throws IOException {
    return KeyRing.run(volume, keys -> isDirectory(Walk.find(volume, keys, path, LastLink.MEANT)));
  }

  private static boolean isDirectory(Place place) throws NoSuchFileException {
    return place.isRoot() || place.found().type() == FileType.DIRECTORY;
  }

  /** What a directory names; directories among it are to be looked into, too. */
  private List<String> below(String path, Deque<String> directories) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          FileNode directory = Walk.directory(volume, keys, path);
          String prefix = directory.path.equals("/") ? "/" : directory.path + "/";
          List<String> below = new ArrayList<>();
          for (Catalogue.Entry entry : new Catalogue(directory).list()) {
            below.add(prefix + entry.name());
            if (entry.type() == FileType.DIRECTORY) {
              directories.push(prefix + entry.name());
            }
          }
          return below;
        });
  }

  /** What a batch ends states of; the files to be frozen are in use. */
  private record Selection(List<FileNode> frozen, List<Bytes> invalid) {}

  private void end(List<String> paths, long version, LastLink last, States states)
      throws IOException {
    KeyRing.change(
        volume,
        keys -> {
          Selection selection = select(paths, version, last, states, keys);
          try {
            volume.ledger.make(keys);
            commit(selection, version);
          } catch (IOException | RuntimeException e) {
            volume.ledger.takeBackAfter(e);
            throw e;
          } finally {
            for (FileNode file : selection.frozen()) {
              file.frozenAs = 0; // not by a later commit, if this one has failed
              giveBack(file);
            }
          }
          for (Bytes uid : selection.invalid()) {
            FileNode present = volume.nodes.get(uid);
            if (present != null) {
              present.admitted = false;
            }
          }
        });
  }

  private void giveBack(FileNode file) throws IOException {
    file.references--;
    volume.disposeIfIdle(file);
  }

  private void commit(Selection selection, long version) throws IOException {
    long room = Math.max(RECORD_BYTES, volume.journal.capacity() / 4);
    long bytes = 0;
    for (FileNode file : selection.frozen()) {
      if (bytes + RECORD_BYTES > room) {
        volume.commits.commit(List.of(), false);
        bytes = 0;
      }
      file.frozenAs = version;
      volume.commits.namespaceChanged(file);
      bytes += RECORD_BYTES;
    }
    for (Bytes uid : selection.invalid()) {
      volume.ledger.invalidate(uid);
    }
    volume.commits.commit(List.of(), false);
  }

  /** Takes files into use; changes nothing before all keys are there, those of a ledger too. */
  private Selection select(
      List<String> paths, long version, LastLink last, States states, KeyRing keys)
      throws IOException, KeysNeeded {
    Set<FileNode> files = new LinkedHashSet<>();
    Map<Bytes, Place> places = new LinkedHashMap<>();
    Set<Bytes> invalid = new LinkedHashSet<>();
    List<KeyRequest> missing = new ArrayList<>();
    for (String path : paths) {
      Place place = find(path, last, keys);
      if (place == null) {
        continue;
      }
      place.above().stream().filter(each -> each.header.version != version).forEach(files::add);
      Bytes uid = place.isRoot() ? volume.file.root() : place.found().uid();
      if (states != States.EARLIER && !isDirectory(place)) {
        invalid.add(uid);
        continue;
      }
      if (states == States.ALL) {
        throw new FileSystemException(
            place.path(), null, "is a directory; invalidate the files in it");
      }
      boolean known =
          places.put(uid, place) != null || volume.nodes.containsKey(uid) || keys.contains(uid);
      if (!known) {
        missing.add(volume.files.request(place.found(), place.path(), keys));
      }
    }
    Bytes ledger = volume.file.system().uid(SystemFile.LEDGER);
    if (volume.ledger.node() == null && !keys.contains(ledger)) {
      missing.add(KeyRequest.create(ledger));
    }
    if (!missing.isEmpty()) {
      throw new KeysNeeded(missing);
    }
    files.forEach(directory -> directory.references++);
    try {
      for (Place place : places.values()) {
        FileNode file = place.node(volume, keys);
        if (files.add(file)) {
          file.references++;
        }
      }
      return new Selection(List.copyOf(files), List.copyOf(invalid));
    } catch (IOException | KeysNeeded e) {
      for (FileNode file : files) {
        giveBack(file);
      }
      throw e;
    }
  }

  /** Where a path leads; null for what has gone since its directory was read. */
  private @Nullable Place find(String path, LastLink last, KeyRing keys)
      throws IOException, KeysNeeded {
    try {
      Place place = Walk.find(volume, keys, path, last);
      place.found();
      return place;
    } catch (NoSuchFileException e) {
      if (last == LastLink.MEANT) {
        return null;
      }
      throw e;
    }
  }
}
