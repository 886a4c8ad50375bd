// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.check.FileScan;
import dev.strongroom.file.internal.check.Findings;
import dev.strongroom.file.internal.check.ScanSink;
import dev.strongroom.file.internal.check.ScannedFile;
import dev.strongroom.file.internal.check.SectorKeys;
import dev.strongroom.file.internal.collect.LongMap;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks one file that is held: its headers, its tree, its sectors, what lies behind them.
 *
 * <p>The file's lock is held to take down what is committed, and again to look a second time at
 * what does not fit; not while the host file is read, so that the file stays in use meanwhile.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class FileCheck {

  private final Volume volume;
  private final Findings findings;

  FileCheck(Volume volume, Findings findings) {
    this.volume = volume;
    this.findings = findings;
  }

  /**
   * Checks a file.
   *
   * @param node the file, held by the caller
   * @param path its path, for findings
   * @param copies its header copies if they were read just now
   * @param sink takes its content
   */
  void run(FileNode node, String path, @Nullable List<byte[]> copies, ScanSink sink)
      throws IOException {
    ScannedFile scanned;
    SectorKeys keys;
    StoreFile host;
    node.lock.lock();
    try {
      if (node.closed || node.header.generation == 0) {
        return; // nothing of it is committed yet
      }
      keys = ScannedPageKeys.of(volume, node.header, node.keys);
      scanned = new ScannedFile(node.header, node.keys, keys, covered(node), new Again(node));
      host = node.from.isEmpty() ? AbsentFile.INSTANCE : openHost(node, path);
      if (host == null) {
        return;
      }
      if (!node.from.isEmpty()) {
        try {
          headers(node, path, copies == null ? copies(node, path) : copies);
          tail(node, path, host, scanned.hostBytes());
        } catch (IOException | RuntimeException e) {
          host.close();
          throw e;
        }
      }
    } finally {
      node.lock.unlock();
    }
    try (StoreFile open = host;
        keys) {
      new FileScan(scanned, open, sink, more -> findings.read(path, more)).run();
    }
  }

  private @Nullable StoreFile openHost(FileNode node, String path) throws IOException {
    try {
      return volume.store.open(node.from, Store.Access.READ);
    } catch (NoSuchFileException e) {
      findings.add(
          new Finding(
              FindingKind.MISSING_HOST_FILE,
              Severity.DAMAGE,
              path,
              0,
              node.header.length,
              "the host file " + node.from + " is missing"));
      return null;
    }
  }

  private List<byte[]> copies(FileNode node, String path) throws IOException {
    List<byte[]> copies = HeaderReader.copies(volume.store, node.from);
    copies.forEach(copy -> findings.read(path, copy.length));
    return copies;
  }

  /** Both copies must be those of the committed state, unless the journal has a newer one. */
  private void headers(FileNode node, String path, List<byte[]> copies) throws IOException {
    if (node.overlay != null) {
      findings.add(
          FindingKind.COVERED_BY_JOURNAL,
          Severity.NOTICE,
          path,
          "the journal has its last commit; its host file may be torn, and is brought up to date"
              + " when the volume is opened for writing");
      return;
    }
    HeaderReader.Authentic good = null;
    int count = 0;
    for (byte[] copy : copies) {
      HeaderReader.Authentic read = authentic(node, path, copy);
      if (read != null && read.header().tag.equals(node.header.tag)) {
        good = read;
        count++;
      }
    }
    if (good == null) {
      findings.add(
          FindingKind.HEADER, Severity.DAMAGE, path, "both copies are damaged since it was opened");
    } else if (count < 2 && volume.isReadOnly()) {
      findings.add(FindingKind.HEADER_COPY, Severity.REPAIRABLE, path, "one of the two is damaged");
    } else if (count < 2) {
      HeaderReader.repair(volume, node.from, path, good);
      findings.add(
          FindingKind.HEADER_COPY, Severity.REPAIRED, path, "written again from the other copy");
    }
  }

  private static HeaderReader.@Nullable Authentic authentic(
      FileNode node, String path, byte[] copy) {
    try {
      return HeaderReader.newest(List.of(copy), path, node.keys);
    } catch (IOException e) {
      return null;
    }
  }

  private void tail(FileNode node, String path, StoreFile host, long end) throws IOException {
    boolean waits = node.overlay != null || node.pending.size() > 0 || node.place.unsynced;
    long size = host.size();
    if (!waits && size > end) {
      findings.add(
          new Finding(
              FindingKind.UNCOMMITTED_TAIL,
              Severity.NOTICE,
              path,
              end,
              size,
              "bytes of the host file " + node.from + " behind the last sector, never read"));
    }
  }

  private ScannedFile.Covered covered(FileNode node) {
    Overlay overlay = node.overlay;
    if (overlay == null) {
      return ScannedFile.Covered.NOTHING;
    }
    LongMap<byte[]> pages = new LongMap<>();
    for (long key : overlay.pages.sortedKeys()) {
      pages.put(key, java.util.Objects.requireNonNull(overlay.pages.get(key)).clone());
    }
    SectorSources sources = overlay.sources.copy();
    return new ScannedFile.Covered() {
      @Override
      public byte @Nullable [] page(int level, long index) {
        return pages.get(Overlay.key(level, index));
      }

      @Override
      public boolean sector(long sector) {
        return sources.get(sector) >= 0;
      }

      @Override
      public int read(long sector, byte[] target) throws IOException {
        return volume.readSource(sources.get(sector), target, 0, target.length);
      }
    };
  }

  /** Looks again under the file's lock. */
  private record Again(FileNode node) implements ScannedFile.SecondLook {

    @Override
    public byte @Nullable [] sector(long sector) throws IOException {
      return node.readAgain(sector);
    }

    @Override
    public byte @Nullable [] page(int level, long index) throws IOException {
      node.lock.lock();
      try {
        return node.closed ? null : node.tree.pageAgain(level, index);
      } catch (IntegrityException e) {
        return null;
      } finally {
        node.lock.unlock();
      }
    }
  }
}
