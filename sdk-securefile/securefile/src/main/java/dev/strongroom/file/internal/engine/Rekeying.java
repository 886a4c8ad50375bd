// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.device.Grub;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.format.v1.FileHeader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives a file new keys: a copy under the keys of the next epoch is written to a host file of its
 * own, and one commit puts it in the place of the old one.
 *
 * <p>Thread safety: guarded by the volume's lock.
 */
final class Rekeying {

  private final Volume volume;

  Rekeying(Volume volume) {
    this.volume = volume;
  }

  /** Re-keys a file; who has it open goes on with what takes its place. */
  void run(FileNode old, KeyRequest next, Grub grub, Consumer<FileNode> replaced)
      throws IOException {
    int holders = old.references;
    old.references++; // stays while the checkpoint disposes of what is idle
    FileNode fresh = null;
    try {
      volume.commits.commit(List.of(old), true);
      volume.commits.checkpoint();
      fresh = copy(old, next, grub);
      volume.commits.namespaceChanged(fresh);
      volume.commits.commit(List.of(fresh), true);
      volume.nodes.put(fresh.uid(), fresh);
      fresh.references += holders;
      fresh.writers = old.writers;
      fresh.transactional = old.transactional;
      replaced.accept(fresh);
      volume.commits.checkpoint();
    } finally {
      old.references--;
      if (fresh != null && volume.nodes.get(fresh.uid()) == fresh) {
        fresh.references--;
        volume.commits.forget(old);
        old.close();
        volume.disposeIfIdle(fresh);
      } else {
        if (fresh != null) {
          abandon(fresh);
        }
        volume.disposeIfIdle(old);
      }
    }
  }

  private FileNode copy(FileNode old, KeyRequest next, Grub grub) throws IOException {
    FileHeader header = volume.header(next, grub, old.header.sectorBytes);
    header.copyAttributes(old.header);
    FileNode fresh = new FileNode(volume, header, FileKeys.of(grub), "", old.host, old.path);
    fresh.references = 1;
    fresh.rekeyed = true;
    fresh.admitted = true;
    byte[] clear = new byte[header.sectorBytes];
    try {
      fresh.place.forWriting();
      int size = header.sectorBytes;
      for (long at = old.reader.nextPresent(0);
          at * size < old.length;
          at = old.reader.nextPresent(at + 1)) {
        int part = old.read(at * size, clear, 0, size);
        fresh.write(at * size, clear, 0, part);
        if (old.isPurifiedInPart(at)) {
          fresh.purification.mark(at);
        }
      }
      fresh.truncate(old.length);
      fresh.modified = header.modified;
      fresh.changed = header.changed;
      return fresh;
    } catch (IOException | RuntimeException | Error e) { // or a half would be committed
      abandon(fresh);
      throw e;
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  private void abandon(FileNode fresh) {
    volume.commits.forget(fresh);
    fresh.close();
    volume.deleteUncommitted(fresh);
  }
}
