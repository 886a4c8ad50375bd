// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are written under a name of their own until they are whole: {@code
 * TARGET.VOLUME-NUMBER.part}, with the first characters of the target's name, the first 8 bytes of
 * the volume's id and 8 random ones. A volume is open in one process at a time, so what has its id
 * and is not being written here was left by a process that ended in between; it goes when the next
 * draft is begun in the same folder. Two copies of one volume that send into one folder at the same
 * time take each other's drafts away; then a send fails, and nothing is lost.
 *
 * <p>Thread safety: thread-safe.
 */
final class Drafts {

  private static final Logger LOG = LoggerFactory.getLogger(Drafts.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 8;
  private static final int START = 40; // of up to 4 bytes each

  private final String volume;
  private final Pattern ours;
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  Drafts(Bytes volumeId) {
    volume = Bytes.copyOf(volumeId.toByteArray(), 0, ID_BYTES).toString();
    ours = Pattern.compile(".+\\." + volume + "-[0-9a-f]{16}\\.part");
  }

  /**
   * Begins a file.
   *
   * @param target what its name will be
   * @return the empty file, which the caller closes
   * @throws IOException if the store fails
   */
  Draft begin(TransientPlace target) throws IOException {
    removeLeftovers(target.store());
    byte[] number = new byte[ID_BYTES];
    RANDOM.nextBytes(number);
    String name = start(target.name()) + "." + volume + "-" + Bytes.copyOf(number) + ".part";
    open.add(name);
    try {
      return new Draft(target, name, target.store().open(name, Store.Access.CREATE));
    } catch (IOException | RuntimeException e) {
      open.remove(name);
      throw e;
    }
  }

  /** So much of a name that the draft's is no longer than a host's file system takes. */
  private static String start(String name) {
    int most = Math.min(START, name.codePointCount(0, name.length()));
    return name.substring(0, name.offsetByCodePoints(0, most));
  }

  private void removeLeftovers(Store store) {
    try {
      for (String name : store.list("")) {
        if (ours.matcher(name).matches() && !open.contains(name)) {
          store.delete(name);
          LOG.info("removed {}, left by a send that was cut off", name);
        }
      }
    } catch (IOException e) {
      LOG.warn("what sends that were cut off left in {} is still there", store, e);
    }
  }

  /** A file that is deleted unless it is published. */
  final class Draft implements AutoCloseable {

    private final TransientPlace target;
    private final String name;
    private final StoreFile file;
    private boolean published;

    private Draft(TransientPlace target, String name, StoreFile file) {
      this.target = target;
      this.name = name;
      this.file = file;
    }

    StoreFile file() {
      return file;
    }

    /** Gives it its name, durably; it has been synced. */
    void publish() throws IOException {
      file.close();
      target.store().move(name, target.name());
      published = true;
      target.store().syncDirectory("");
    }

    @Override
    public void close() throws IOException {
      try {
        file.close();
      } finally {
        if (!published) {
          target.store().delete(name);
        }
        open.remove(name);
      }
    }
  }
}
