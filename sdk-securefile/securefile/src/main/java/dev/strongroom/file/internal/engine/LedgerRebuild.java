// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
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
import java.util.Map;

/**
 * Makes a ledger anew from the headers of all files of a volume that is being opened; all that the
 * journal holds is in place by then. Of two host files of one UID the one with the higher
 * generation counts.
 *
 * <p>Nothing of the new ledger is published before all of it is there, because the volume's lock is
 * held all the time.
 *
 * <p>Thread safety: confined to the opening thread, which holds the volume's lock.
 */
final class LedgerRebuild {

  private static final int BATCH = 64;

  private final Volume volume;
  private final Findings findings = new Findings(CheckListener.SILENT);

  LedgerRebuild(Volume volume) {
    this.volume = volume;
  }

  /** Leaves a ledger that the next commit publishes. */
  void run() throws IOException {
    volume.files.forgetSystem(SystemFile.LEDGER);
    FileNode ledger =
        KeyRing.run(
            volume,
            keys ->
                volume.files.createSystem(
                    SystemFile.LEDGER,
                    keys,
                    made -> new LedgerTree(made).create(volume.fileState)));
    LedgerTree tree = new LedgerTree(ledger);
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
      take(node.header, tree, generations);
    }
    volume.ledger.attach(ledger);
  }

  private List<String> hosts() throws IOException {
    List<String> hosts = new ArrayList<>();
    for (String folder : volume.store.list(Names.FILES)) {
      String path = Names.FILES + "/" + folder;
      if (path.equals(FileTable.ROOT_HOST) || SystemFile.ofHost(path) == SystemFile.CONTACTS) {
        hosts.add(path);
      } else if (SystemFile.ofHost(path) == null && !path.equals(Names.TRANSIT)) {
        try {
          volume.store.list(path).forEach(name -> hosts.add(path + "/" + name));
        } catch (NotDirectoryException | NoSuchFileException e) {
          // not of this volume
        }
      }
    }
    return hosts;
  }

  private void take(
      UnlistedFiles files, List<String> hosts, LedgerTree tree, Map<Bytes, Long> generations)
      throws IOException {
    files.visit(hosts, (file, header, keys, copies) -> take(header, tree, generations));
    hosts.clear();
  }

  private static void take(FileHeader header, LedgerTree tree, Map<Bytes, Long> generations)
      throws IOException {
    if (isBound(header) && header.generation > generations.getOrDefault(header.uid, 0L)) {
      generations.put(header.uid, header.generation);
      tree.put(header.uid, new LedgerLeaf(header.version, header.stamp, false));
      if (Long.compareUnsigned(tree.lastVersion(), header.version) < 0) {
        tree.lastVersion(header.version);
      }
    }
  }

  private static boolean isBound(FileHeader header) {
    return Ledger.binds(header) && (header.version != 0 || header.stamp != 0);
  }
}
