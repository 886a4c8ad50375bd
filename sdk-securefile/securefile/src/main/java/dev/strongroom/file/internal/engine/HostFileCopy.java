// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Copies the host files of a volume as they are, and makes a volume of the copy at last. While it
 * is open it has the target's lock.
 *
 * <p>Until it is whole, the copy is a building site: it has {@code strongroom.volume.new} and no
 * volume file, so that nothing opens it, and the next attempt clears it away. It gets the volume
 * file when everything else is durable.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class HostFileCopy implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 20;
  private static final int BLOCK = 4096;

  /** Files that are made durable together; many at a time share the medium's commits. */
  private static final int BATCH = 64;

  private final Store from;
  private final Store to;
  private final LongConsumer copied;
  private final AutoCloseable lock;
  private final boolean made;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final List<StoreFile> open = new ArrayList<>();

  private HostFileCopy(
      Store from, Store to, LongConsumer copied, AutoCloseable lock, boolean made) {
    this.from = from;
    this.to = to;
    this.copied = copied;
    this.lock = lock;
    this.made = made;
  }

  /**
   * Takes the target's lock.
   *
   * @param from the volume; the caller keeps writers out of it
   * @param to an absent or empty folder, or a building site
   * @param copied hears how many further bytes have been copied
   * @return the copy, of which nothing is there yet
   * @throws dev.strongroom.file.VolumeExistsException if there is a volume or something else
   * @throws IOException if the target cannot be made or locked
   */
  public static HostFileCopy begin(Store from, Store to, LongConsumer copied) throws IOException {
    VolumeOpener.requireFree(to, VolumeOpener.Neighbours.NONE);
    boolean made = !to.exists("");
    AutoCloseable lock = VolumeOpener.lock(to, Store.LockMode.EXCLUSIVE);
    try {
      VolumeOpener.requireFree(to, VolumeOpener.Neighbours.NONE);
    } catch (IOException e) {
      VolumeOpener.closeAfter(e, lock);
      throw e;
    }
    return new HostFileCopy(from, to, copied, lock, made);
  }

  /**
   * Copies everything, durably, the volume file last. If that fails, what was made is removed.
   *
   * @throws IOException if a store fails
   */
  public void run() throws IOException {
    try {
      clear(to);
      VolumeOpener.markUnfinished(to);
      byte[] volumeFile = content(Names.VOLUME);
      copy(Names.JOURNAL);
      if (from.exists(Names.SCRATCH)) {
        copy(Names.SCRATCH); // records of a journal that could not be put in place point there
      }
      to.createDirectory(Names.FILES);
      for (String name : from.list(Names.FILES)) {
        copyBelow(Names.FILES + "/" + name);
      }
      finishBatch();
      to.syncDirectory(Names.FILES);
      to.syncDirectory("");
      VolumeOpener.publish(to, volumeFile);
    } catch (IOException | RuntimeException e) {
      for (StoreFile file : open) {
        VolumeOpener.closeAfter(e, file);
      }
      open.clear();
      withdraw(e);
      throw e;
    }
  }

  /**
   * Removes the copy, the volume file first, so that nothing opens what is left.
   *
   * @param reason gets what goes wrong as suppressed
   */
  public void withdraw(Throwable reason) {
    VolumeOpener.closeAfter(
        reason,
        () -> {
          if (to.exists(Names.VOLUME)) {
            to.move(Names.VOLUME, VolumeOpener.FRESH);
            to.syncDirectory("");
          }
          remove(to, made);
        });
  }

  /** Lets others use the target. */
  @Override
  public void close() throws IOException {
    try {
      lock.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void copyBelow(String path) throws IOException {
    List<String> names;
    try {
      names = from.list(path);
    } catch (NotDirectoryException e) {
      copy(path);
      return;
    }
    to.createDirectory(path);
    for (String name : names) {
      copy(path + "/" + name);
    }
    finishBatch();
    to.syncDirectory(path);
  }

  private void copy(String name) throws IOException {
    StoreFile target = to.open(name, Store.Access.CREATE);
    open.add(target);
    // A journal is written in advance, so that a commit never waits for space.
    boolean holes = !name.equals(Names.JOURNAL);
    long position = 0;
    try (StoreFile source = from.open(name, Store.Access.READ)) {
      int count;
      while ((count = source.read(position, buffer, 0, buffer.length)) > 0) {
        write(target, position, count, holes);
        position += count;
        copied.accept(count);
      }
    }
    if (target.size() < position) {
      target.truncate(position);
    }
    if (open.size() == BATCH) {
      finishBatch();
    }
  }

  /** What is all zeros is left out where it may be a hole of the file. */
  private void write(StoreFile target, long position, int count, boolean holes) throws IOException {
    int end;
    for (int at = 0; at < count; at = end) {
      boolean hole = holes && isZero(at, Math.min(count, at + BLOCK));
      end = Math.min(count, at + BLOCK);
      while (end < count && hole == (holes && isZero(end, Math.min(count, end + BLOCK)))) {
        end = Math.min(count, end + BLOCK);
      }
      if (!hole) {
        target.write(position + at, buffer, at, end - at);
      }
    }
  }

  private boolean isZero(int start, int end) {
    for (int i = start; i < end; i++) {
      if (buffer[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void finishBatch() throws IOException {
    to.syncAll(open);
    for (StoreFile file : open) {
      file.close();
    }
    open.clear();
  }

  private byte[] content(String name) throws IOException {
    try (StoreFile file = from.open(name, Store.Access.READ)) {
      byte[] content = new byte[Math.toIntExact(Math.min(file.size(), BUFFER_BYTES))];
      if (file.read(0, content, 0, content.length) < content.length || content.length == 0) {
        throw new VolumeNotFoundException(from.toString(), name + " is cut");
      }
      return content;
    }
  }

  /** Removes a building site, its marker last, and the folder if it was made for it. */
  private static void remove(Store store, boolean folder) throws IOException {
    clear(store);
    for (String name : List.of(VolumeOpener.FRESH, PathStore.LOCK)) {
      if (store.exists(name)) {
        store.delete(name);
      }
    }
    if (folder) {
      store.delete("");
    }
  }

  /** Removes what an attempt that was cut off has left; there is no volume file. */
  private static void clear(Store store) throws IOException {
    if (store.exists(Names.FILES)) {
      for (String name : store.list(Names.FILES)) {
        clearBelow(store, Names.FILES + "/" + name);
      }
      store.delete(Names.FILES);
    }
    for (String name : List.of(Names.JOURNAL, Names.SCRATCH)) {
      if (store.exists(name)) {
        store.delete(name);
      }
    }
  }

  private static void clearBelow(Store store, String path) throws IOException {
    try {
      for (String name : store.list(path)) {
        store.delete(path + "/" + name);
      }
    } catch (NotDirectoryException e) {
      // a file
    }
    store.delete(path);
  }
}
