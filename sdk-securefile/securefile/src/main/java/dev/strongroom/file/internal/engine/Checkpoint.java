// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts in place what the journal has committed, then gives the journal's space back.
 *
 * <p>Order: everything committed becomes durable, an anchor says so; host files that are gone are
 * removed, others are moved; each file's sectors, tree pages and both headers are written and
 * synced once; touched folders are synced; the tail moves. A crash at any point leaves the records
 * where they are, and a recovery does the same again.
 *
 * <p>Thread safety: guarded by the volume's lock.
 */
final class Checkpoint {

  private static final int COPY_BYTES = 256 << 10;

  /** Files that are written before they are synced together. */
  private static final int AT_A_TIME = 64;

  private final Volume volume;
  private final byte[] buffer = new byte[COPY_BYTES];

  /** Folders whose names have changed and are not durable yet. */
  private final Set<String> folders = new TreeSet<>();

  Checkpoint(Volume volume) {
    this.volume = volume;
  }

  /**
   * Runs the checkpoint.
   *
   * @param newCapacity capacity that the journal is to grow to, or 0
   */
  void run(long newCapacity) throws IOException {
    volume.requireUsable(); // after a record that failed, files in memory are ahead of the journal
    volume.hostChanges++;
    volume.commits.makeCommittedDurable();
    try {
      volume.journal.anchorDurable();
    } catch (IOException e) {
      throw volume.fail(e);
    }
    List<FileNode> written = new ArrayList<>();
    for (FileNode node : volume.nodes.values()) {
      if (node.overlay != null) {
        written.add(node);
      }
    }
    try {
      removeHostFiles();
      moveHostFiles(written);
      for (int from = 0; from < written.size(); from += AT_A_TIME) {
        List<StoreFile> places = new ArrayList<>();
        for (FileNode node : written.subList(from, Math.min(written.size(), from + AT_A_TIME))) {
          putInPlace(node, places);
        }
        sync(places);
        closeIdle(written.subList(from, Math.min(written.size(), from + AT_A_TIME)));
      }
      syncFolders();
    } catch (NoSpaceException e) {
      throw volume.tooFullFor(e); // everything stays in the journal until there is room
    } catch (IOException e) {
      throw volume.fail(e);
    }
    try {
      volume.journal.moveTail();
      for (FileNode node : written) {
        finish(node);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw volume.fail(e); // files may count on records whose space is given back
    }
    volume.scratch.checkpointed();
    for (FileNode node : written) {
      volume.disposeIfIdle(node);
    }
    if (newCapacity > volume.journal.capacity()) {
      volume.journal.prewrite(newCapacity); // on a full medium the journal goes on as it is
      try {
        volume.journal.grow(newCapacity);
      } catch (IOException e) {
        throw volume.fail(e);
      }
    }
  }

  /** Makes names durable; what an attempt that failed has changed is among them. */
  private void syncFolders() throws IOException {
    for (String folder : folders) {
      try {
        volume.store.syncDirectory(folder);
      } catch (IOException e) {
        throw volume.fail(e);
      }
    }
    folders.clear();
  }

  /** Closes host files of files that nobody has open, which may be many. */
  private void closeIdle(List<FileNode> written) throws IOException {
    for (FileNode node : written) {
      if (node.references == 0) {
        node.lock.lock();
        try {
          node.place.close();
        } finally {
          node.lock.unlock();
        }
      }
    }
  }

  private void removeHostFiles() throws IOException {
    var next = volume.commits.committedRemovals.iterator();
    while (next.hasNext()) {
      String from = next.next().from();
      if (!from.isEmpty()) {
        delete(from);
        folders.add(Names.parent(from));
      }
      next.remove(); // or a later attempt could remove another file of that name
    }
  }

  private void delete(String host) throws IOException {
    try {
      volume.store.delete(host);
    } catch (NoSuchFileException e) {
      // An earlier attempt, or a crashed process, has removed it.
    }
  }

  /**
   * Moves host files to their names: first those out of the way that lie where others belong, then
   * those whose names are free, then those that waited. What a move frees is durable before another
   * file takes it, since a medium may keep the second and lose the first.
   */
  private void moveHostFiles(List<FileNode> written) throws IOException {
    Set<String> occupied = new HashSet<>();
    boolean vacated = false;
    for (FileNode node : written) {
      occupied.add(node.from);
    }
    for (FileNode node : written) {
      Overlay overlay = java.util.Objects.requireNonNull(node.overlay);
      boolean moves = !node.from.isEmpty() && !node.from.equals(overlay.host);
      if (moves && (overlay.unlinked || occupied.contains(overlay.host))) {
        move(node, Names.transit(node.uid(), node.header.epoch));
        vacated = true;
      }
    }
    if (vacated) {
      syncFolders();
    }
    if (moveToTargets(written, false)) {
      syncFolders();
    }
    moveToTargets(written, true);
  }

  private boolean moveToTargets(List<FileNode> written, boolean inTransit) throws IOException {
    boolean moved = false;
    for (FileNode node : written) {
      Overlay overlay = java.util.Objects.requireNonNull(node.overlay);
      boolean moves = !node.from.isEmpty() && !node.from.equals(overlay.host);
      if (moves && node.from.startsWith(Names.TRANSIT) == inTransit) {
        move(node, overlay.host);
        moved = true;
      }
    }
    return moved;
  }

  private void move(FileNode node, String to) throws IOException {
    node.lock.lock();
    try {
      if (node.from.equals(to)) {
        return;
      }
      makeFolder(Names.parent(to));
      try {
        volume.store.move(node.from, to);
      } catch (NoSuchFileException e) {
        lost(node);
        return;
      }
      folders.add(Names.parent(node.from));
      folders.add(Names.parent(to));
      node.from = to;
    } finally {
      node.lock.unlock();
    }
  }

  /** A host file that somebody has removed must not stop all others. */
  private void lost(FileNode node) {
    volume.log(
        "the host file " + node.from + " of " + node.path + " is missing; its changes are lost",
        null);
    node.lost = true;
  }

  private void makeFolder(String folder) throws IOException {
    if (!folder.isEmpty() && !volume.store.exists(folder)) {
      makeFolder(Names.parent(folder));
      volume.store.createDirectory(folder);
      folders.add(Names.parent(folder));
    }
  }

  private void sync(List<StoreFile> places) throws IOException {
    try {
      volume.store.syncAll(places);
    } catch (IOException e) {
      throw volume.fail(e); // what was not written is not known, so nothing can be tried again
    }
  }

  private void putInPlace(FileNode node, List<StoreFile> places) throws IOException {
    node.lock.lock();
    try {
      Overlay overlay = java.util.Objects.requireNonNull(node.overlay);
      if (node.lost) {
        return;
      }
      if (!node.from.isEmpty() && !node.from.equals(overlay.host)) {
        move(node, overlay.host); // its host file was made since the others were moved
      }
      if (node.from.isEmpty()) {
        makeFolder(Names.parent(overlay.host));
        try (StoreFile made = volume.store.open(overlay.host, Store.Access.CREATE)) {
          made.truncate(0);
        }
        node.from = overlay.host;
        folders.add(Names.parent(overlay.host));
      }
      StoreFile place;
      try {
        place = node.place.forWriting();
      } catch (IntegrityException e) {
        lost(node);
        return;
      }
      copySectors(node, overlay, place);
      node.tree.forEachChanged(
          (level, index, page) ->
              place.write(node.layout.nodePosition(level, index), page, 0, page.length));
      int headerBytes = node.layout.headerBytes();
      byte[] copies = new byte[2 * headerBytes];
      System.arraycopy(overlay.header, 0, copies, 0, overlay.header.length);
      System.arraycopy(overlay.header, 0, copies, headerBytes, overlay.header.length);
      place.write(0, copies, 0, copies.length);
      node.owes(0);
      long end = node.layout.hostBytes(node.layout.sectors(node.header.length));
      if (place.size() > end && node.pending.size() == 0) {
        place.truncate(end);
      }
      places.add(place);
    } finally {
      node.lock.unlock();
    }
  }

  private void copySectors(FileNode node, Overlay overlay, StoreFile place) throws IOException {
    Copying copying = new Copying(node, place);
    overlay.sources.forEach(copying);
    copying.write();
  }

  /** Copies sectors to their place, those that lie one behind the other at once. */
  private final class Copying implements SectorSources.Visitor {
    private final FileNode node;
    private final StoreFile place;
    private long start;
    private int filled;

    Copying(FileNode node, StoreFile place) {
      this.node = node;
      this.place = place;
    }

    @Override
    public void visit(long sector, long address) throws IOException {
      int size = node.layout.sectorBytes();
      long position = node.layout.sectorPosition(sector);
      if (filled > 0 && (position != start + filled || filled + size > buffer.length)) {
        write();
      }
      if (filled == 0) {
        start = position;
      }
      readSource(address, filled, size);
      filled += size;
    }

    void write() throws IOException {
      if (filled > 0) {
        place.write(start, buffer, 0, filled);
        filled = 0;
      }
    }
  }

  private void readSource(long address, int offset, int size) throws IOException {
    if (volume.readSource(address, buffer, offset, size) < size) {
      throw new CorruptJournalException(
          volume.store.toString(), "counts on the file " + Names.SCRATCH + ", which was cut");
    }
  }

  private void finish(FileNode node) throws IOException {
    node.lock.lock();
    try {
      Overlay overlay = java.util.Objects.requireNonNull(node.overlay);
      volume.commits.releaseSlots(node);
      node.tree.detach();
      overlay.discount(node.volume.cache);
      node.overlay = null;
      node.floor = node.layout.sectors(node.header.length);
    } finally {
      node.lock.unlock();
    }
  }
}
