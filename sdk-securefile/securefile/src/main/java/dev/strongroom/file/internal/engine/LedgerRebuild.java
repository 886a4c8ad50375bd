// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.internal.check.Findings;
import dev.strongroom.file.internal.check.SeenHosts;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.LedgerLeaf;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.SystemFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a ledger anew from the headers of all files of a volume that is being opened; all that the
 * journal holds is in place by then. Of two host files of one UID the one with the higher
 * generation counts.
 *
 * <p>All headers are read once, and twice more if there are such files: the leaf of one is invalid
 * until all are seen, and holds the highest generation meanwhile. So nothing is remembered beside
 * the ledger itself.
 *
 * <p>Nothing of the new ledger is published before all of it is there, because the volume's lock is
 * held all the time.
 *
 * <p>Thread safety: confined to the opening thread, which holds the volume's lock.
 */
final class LedgerRebuild {

  private static final int BATCH = 64;

  /** Takes a header that the ledger names. */
  private interface Pass {
    void take(FileHeader header) throws IOException;
  }

  private final Volume volume;
  private final Findings findings = new Findings(CheckListener.SILENT);
  private final LedgerTree tree;
  private final FileNode ledger;
  private boolean anyTwice;

  LedgerRebuild(Volume volume) throws IOException {
    this.volume = volume;
    volume.files.forgetSystem(SystemFile.LEDGER);
    ledger =
        KeyRing.run(
            volume,
            keys ->
                volume.files.createSystem(
                    SystemFile.LEDGER,
                    keys,
                    made -> new LedgerTree(made).create(volume.fileState)));
    tree = new LedgerTree(ledger);
  }

  /** Leaves a ledger that the next commit publishes. */
  void run() throws IOException {
    forEach(this::name);
    if (anyTwice) {
      forEach(this::raise);
      forEach(this::decide);
    }
    volume.ledger.attach(ledger);
  }

  private void forEach(Pass pass) throws IOException {
    UnlistedFiles files = new UnlistedFiles(volume, findings, new SeenHosts(), volume.now());
    List<String> batch = new ArrayList<>();
    for (String folder : volume.store.list(Names.FILES)) {
      for (String host : hosts(Names.FILES + "/" + folder)) {
        batch.add(host);
        if (batch.size() == BATCH) {
          take(files, batch, pass);
        }
      }
    }
    take(files, batch, pass);
    for (FileNode node : volume.nodes.values()) { // not all in place where the medium is full
      take(node.header, pass);
    }
  }

  private List<String> hosts(String path) throws IOException {
    if (path.equals(FileTable.ROOT_HOST) || SystemFile.ofHost(path) == SystemFile.CONTACTS) {
      return List.of(path);
    }
    if (SystemFile.ofHost(path) != null || path.equals(Names.TRANSIT)) {
      return List.of();
    }
    try {
      return volume.store.list(path).stream().map(name -> path + "/" + name).toList();
    } catch (NotDirectoryException | NoSuchFileException e) {
      return List.of(); // not of this volume
    }
  }

  private static void take(UnlistedFiles files, List<String> hosts, Pass pass) throws IOException {
    files.visit(hosts, (file, header, keys, copies) -> take(header, pass));
    hosts.clear();
  }

  private static void take(FileHeader header, Pass pass) throws IOException {
    if (Ledger.binds(header) && (header.version != 0 || header.stamp != 0)) {
      pass.take(header);
    }
  }

  /** First of all each file gets a leaf, and the ones that are there twice are found. */
  private void name(FileHeader header) throws IOException {
    if (Long.compareUnsigned(tree.lastVersion(), header.version) < 0) {
      tree.lastVersion(header.version);
    }
    LedgerLeaf leaf = tree.find(header.uid);
    if (leaf.equals(LedgerLeaf.NONE)) {
      tree.put(header.uid, leafOf(header));
    } else if (!leaf.isOf(header)) {
      anyTwice = true;
      tree.put(header.uid, generation(0));
    }
  }

  /** Then their highest generation is found. */
  private void raise(FileHeader header) throws IOException {
    LedgerLeaf leaf = tree.find(header.uid);
    if (leaf.invalid() && Long.compareUnsigned(leaf.version(), header.generation) < 0) {
      tree.put(header.uid, generation(header.generation));
    }
  }

  /** And then the header that has it. */
  private void decide(FileHeader header) throws IOException {
    LedgerLeaf leaf = tree.find(header.uid);
    if (leaf.invalid() && leaf.version() == header.generation) {
      tree.put(header.uid, leafOf(header));
    }
  }

  private static LedgerLeaf leafOf(FileHeader header) {
    return new LedgerLeaf(header.version, header.stamp, false);
  }

  private static LedgerLeaf generation(long generation) {
    return new LedgerLeaf(generation, 0, true);
  }
}
