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
import java.util.List;
import java.util.Map;

/**
 * Ends earlier states of files: those before a freeze, or all of them.
 *
 * <p>Files are taken in batches, as many as the element derives keys for at once; a batch is one
 * record or more, each of which freezes some of the files as a whole. The element moves by one step
 * after the last.
 *
 * <p>Thread safety: thread-safe; works under the volume's lock.
 */
public final class Freezing {

  private static final int BATCH = 64;

  /** What one file adds to a record, with the pages of the ledger that it may change. */
  private static final long RECORD_BYTES = 2048 + LedgerCommit.LEAF_BYTES;

  private final Volume volume;

  /**
   * Works on a volume.
   *
   * @param volume the open volume
   */
  public Freezing(Volume volume) {
    this.volume = volume;
  }

  /** Does something with some of the files. */
  private interface Batch {
    void run(List<String> paths) throws IOException;
  }

  /**
   * Ends all states of files but the present one.
   *
   * @param paths files, directories and links; links are followed
   * @throws IOException if one of them is not there or damaged, or the store or the element fails
   */
  public void freeze(List<String> paths) throws IOException {
    begin();
    long version = nextVersion();
    settleAfter(() -> inBatches(paths, batch -> freeze(batch, version, LastLink.FOLLOWED)));
  }

  /**
   * Ends all states but the present one of what a path leads to, and of all below.
   *
   * @param path a directory, or a file
   * @throws IOException if it is not there, something is damaged, or the store or the element fails
   */
  public void freezeTree(String path) throws IOException {
    begin();
    long version = nextVersion();
    settleAfter(
        () -> {
          Deque<String> directories = new ArrayDeque<>();
          if (isDirectory(path)) {
            directories.push(path);
          }
          freeze(List.of(path), version, LastLink.MEANT);
          while (!directories.isEmpty()) {
            String directory = directories.pop();
            List<String> below = below(directory, directories);
            inBatches(below, batch -> freeze(batch, version, LastLink.MEANT));
          }
        });
  }

  /**
   * Ends all states of files, the present one too.
   *
   * @param paths files and links; links are followed
   * @throws FileSystemException if one of them is a directory
   * @throws IOException if one of them is not there, or the store or the element fails
   */
  public void invalidate(List<String> paths) throws IOException {
    begin();
    settleAfter(() -> inBatches(paths, this::invalidateBatch));
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

  private void begin() throws IOException {
    volume.requireWritable();
    volume.ledger.requireSlot();
  }

  private long nextVersion() throws IOException {
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

  private static void inBatches(List<String> paths, Batch batch) throws IOException {
    for (int from = 0; from < paths.size(); from += BATCH) {
      batch.run(paths.subList(from, Math.min(paths.size(), from + BATCH)));
    }
  }

  private boolean isDirectory(String path) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          Place place = Walk.find(volume, keys, path, LastLink.MEANT);
          return place.isRoot() || place.found().type() == FileType.DIRECTORY;
        });
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

  private void freeze(List<String> paths, long version, LastLink last) throws IOException {
    KeyRing.change(
        volume,
        keys -> {
          List<FileNode> files = load(paths, last, keys);
          try {
            volume.ledger.make(keys);
            long room = Math.max(RECORD_BYTES, volume.journal.capacity() / 4);
            long bytes = 0;
            for (FileNode file : files) {
              file.frozenAs = version;
              volume.commits.namespaceChanged(file);
              bytes += RECORD_BYTES;
              if (bytes + RECORD_BYTES > room) {
                volume.commits.commit(List.of(), false);
                bytes = 0;
              }
            }
            volume.commits.commit(List.of(), false);
          } finally {
            for (FileNode file : files) {
              file.frozenAs = 0; // not by a later commit, if this one has failed
              file.references--;
              volume.disposeIfIdle(file);
            }
          }
        });
  }

  /** Takes files into use; changes nothing before all keys are there, those of a ledger too. */
  private List<FileNode> load(List<String> paths, LastLink last, KeyRing keys)
      throws IOException, KeysNeeded {
    Map<Bytes, Place> places = new LinkedHashMap<>();
    List<KeyRequest> missing = new ArrayList<>();
    for (String path : paths) {
      Place place;
      try {
        place = Walk.find(volume, keys, path, last);
      } catch (NoSuchFileException e) {
        if (last == LastLink.MEANT) {
          continue; // it has gone since its directory was read
        }
        throw e;
      }
      Bytes uid = place.isRoot() ? volume.file.root() : place.found().uid();
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
    List<FileNode> files = new ArrayList<>();
    try {
      for (Place place : places.values()) {
        FileNode file = place.node(volume, keys);
        file.references++;
        files.add(file);
      }
      return files;
    } catch (IOException | KeysNeeded e) {
      for (FileNode file : files) {
        file.references--;
        volume.disposeIfIdle(file);
      }
      throw e;
    }
  }

  private void invalidateBatch(List<String> paths) throws IOException {
    KeyRing.change(
        volume,
        keys -> {
          List<Bytes> uids = new ArrayList<>();
          for (String path : paths) {
            Place place = Walk.find(volume, keys, path, LastLink.FOLLOWED);
            if (place.isRoot() || place.found().type() == FileType.DIRECTORY) {
              throw new FileSystemException(
                  place.path(), null, "is a directory; invalidate the files in it");
            }
            uids.add(place.found().uid());
          }
          volume.ledger.make(keys);
          try {
            for (Bytes uid : uids) {
              volume.ledger.invalidate(uid);
            }
            volume.commits.commit(List.of(), false);
          } catch (IOException | RuntimeException e) {
            volume.ledger.takeBackAfter(e);
            throw e;
          }
          for (Bytes uid : uids) {
            FileNode present = volume.nodes.get(uid);
            if (present != null) {
              present.admitted = false;
            }
          }
        });
  }
}
