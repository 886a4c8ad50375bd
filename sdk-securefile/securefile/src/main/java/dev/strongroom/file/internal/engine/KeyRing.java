// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that one operation on names has fetched, by UID.
 *
 * <p>When an operation needs keys that only the element has, it ends with {@link KeysNeeded}, the
 * keys are fetched without the volume's lock, and it begins again; it changes nothing before it has
 * all it needs.
 *
 * <p>It also keeps host files open whose headers said what to ask for, so that they are opened and
 * read once.
 *
 * <p>A file's two header copies may differ in what the keys depend on, when one is damaged; then
 * the keys of the second are asked for after those of the first have not fitted.
 *
 * <p>Thread safety: confined to one thread.
 */
final class KeyRing implements AutoCloseable {

  /** An operation lacks keys that only the element has; it begins again when they are there. */
  static final class KeysNeeded extends Exception {
    private static final long serialVersionUID = 1L;
    final transient List<KeyRequest> requests;

    KeysNeeded(List<KeyRequest> requests) {
      super(null, null, false, false);
      this.requests = requests;
    }
  }

  /** An operation under the volume's lock; begins again when keys were missing. */
  interface Operation<R> {
    R run(KeyRing keys) throws IOException, KeysNeeded;
  }

  /** An operation that answers nothing. */
  interface Change {
    void run(KeyRing keys) throws IOException, KeysNeeded;
  }

  private final Map<Bytes, Grub> grubs = new HashMap<>();
  private final Map<Bytes, Integer> failed = new HashMap<>();

  /** Files whose keys were asked for as a header said that may have been replaced since. */
  private final Set<Bytes> early = new HashSet<>();

  /** Coded names by path, since a walk begins again, too. */
  private final Map<String, CodedName> codedNames = new HashMap<>();

  /** Host files whose beginning has been read. */
  final Map<Bytes, HeaderReader.Found> found = new HashMap<>();

  private static final class CodedName {
    final byte[] namesKey;
    final Bytes coded;

    CodedName(byte[] namesKey, String name) {
      this.namesKey = namesKey;
      coded = Names.code(namesKey, name);
    }
  }

  private final Volume volume;

  private KeyRing(Volume volume) {
    this.volume = volume;
  }

  /** Runs an operation under the volume's lock, as often as it takes to have all keys. */
  static <R> R run(Volume volume, Operation<R> operation) throws IOException {
    try (KeyRing keys = new KeyRing(volume)) {
      while (true) {
        List<KeyRequest> needed;
        volume.lock.lock();
        try {
          volume.requireUsable();
          R result = operation.run(keys);
          volume.files.forgetOldest();
          return result;
        } catch (KeysNeeded e) {
          needed = e.requests;
        } finally {
          volume.lock.unlock();
        }
        try {
          keys.put(needed, volume.pairs(needed));
        } catch (StrongroomException e) {
          if (volume.session.loss().isPresent()) {
            volume.closeWithoutElement();
          }
          throw e;
        }
      }
    }
  }

  /** Runs an operation that answers nothing. */
  static void change(Volume volume, Change change) throws IOException {
    run(
        volume,
        keys -> {
          change.run(keys);
          return Boolean.TRUE;
        });
  }

  private void put(List<KeyRequest> requests, List<Grub> answers) {
    for (int i = 0; i < answers.size(); i++) {
      grubs.put(requests.get(i).uid(), answers.get(i));
    }
  }

  boolean contains(Bytes uid) {
    return get(uid) != null;
  }

  @Nullable Grub get(Bytes uid) {
    Grub arrived = volume.early.take(uid);
    if (arrived != null) {
      grubs.put(uid, arrived);
      early.add(uid);
    }
    return grubs.get(uid);
  }

  /** The coded name that a name has in a directory. */
  Bytes codedName(FileNode directory, String name, String path) {
    byte[] key = directory.header.namesKey;
    CodedName known = codedNames.get(path);
    if (known == null || known.namesKey != key) {
      known = new CodedName(key, name);
      codedNames.put(path, known);
    }
    return known.coded;
  }

  /** Hands a new file's keys over to the caller. */
  Grub take(Bytes uid) throws KeysNeeded {
    Grub grub = grubs.remove(uid);
    if (grub == null) {
      throw new KeysNeeded(List.of(KeyRequest.create(uid)));
    }
    return grub;
  }

  /** Hands the open host file of a file over to the caller, if there is one. */
  @Nullable StoreFile takeFile(Bytes uid) {
    HeaderReader.Found known = found.remove(uid);
    return known == null ? null : known.take();
  }

  /** How many of a file's candidates have been tried in vain. */
  int failed(Bytes uid) {
    return failed.getOrDefault(uid, 0);
  }

  /**
   * The keys of a file did not fit its header.
   *
   * @return whether they had been asked for early, so that they say nothing of the header
   */
  boolean rejectEarly(Bytes uid) {
    if (!early.remove(uid)) {
      return false;
    }
    Grub grub = grubs.remove(uid);
    if (grub != null) {
      grub.close();
    }
    return true;
  }

  /** The keys of a file did not fit its header. */
  void reject(Bytes uid) {
    failed.merge(uid, 1, Integer::sum);
    Grub grub = grubs.remove(uid);
    if (grub != null) {
      grub.close();
    }
  }

  @Override
  public void close() {
    grubs.values().forEach(Grub::close);
    grubs.clear();
    found.values().forEach(HeaderReader.Found::close);
    found.clear();
  }
}
