// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.internal.format.v1.SystemFile;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the ledger and the root directory, which every opening of a volume needs: asked for by
 * the command that asks for the volume's own. What their headers say is not authenticated by then;
 * keys that do not fit are asked for again.
 *
 * <p>Thread safety: guarded by the volume's lock.
 */
final class EarlyKeys implements AutoCloseable {

  private final Map<Bytes, Grub> pairs = new HashMap<>();

  /** What to ask for, as far as headers can be read and the volume's element derives the keys. */
  static List<KeyRequest> requests(Store store, VolumeFile file) {
    List<KeyRequest> requests = new ArrayList<>();
    add(requests, store, file.root(), FileTable.ROOT_HOST);
    add(requests, store, file.system().ledger(), SystemFile.LEDGER.host());
    return requests;
  }

  private static void add(List<KeyRequest> requests, Store store, Bytes uid, String host) {
    try {
      KeyRequest request =
          HeaderReader.requests(HeaderReader.copies(store, host), uid, host).get(0);
      if (request.grub().fileKey() == null) {
        requests.add(request);
      }
    } catch (IOException e) {
      // missing or damaged, which is told when it is loaded
    }
  }

  /** Takes in keys that have come early. */
  void put(List<KeyRequest> requests, List<Grub> answers) {
    for (int i = 0; i < requests.size(); i++) {
      Grub before = pairs.put(requests.get(i).uid(), answers.get(i));
      if (before != null) {
        before.close();
      }
    }
  }

  boolean contains(Bytes uid) {
    return pairs.containsKey(uid);
  }

  /** Hands keys over to the caller, if they are here. */
  @Nullable Grub take(Bytes uid) {
    return pairs.remove(uid);
  }

  @Override
  public void close() {
    pairs.values().forEach(Grub::close);
    pairs.clear();
  }
}
