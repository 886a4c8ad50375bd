// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.transport.ElementRemovedException;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The element's state on its store, in two copies.
 *
 * <p>Every change is one write of the older copy and a sync. A change that removes a secret also
 * raises the floor, and is written twice, so that neither copy keeps it.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link ElementApplication}.
 */
final class ElementMemory {

  private final ElementStore store;
  private final String name;
  private final Supplier<@Nullable Faults> faults;
  private final Runnable powerFails;
  private @Nullable ElementImage image; // null before the first use and after trouble

  ElementMemory(
      ElementStore store, String name, Supplier<@Nullable Faults> faults, Runnable powerFails) {
    this.store = store;
    this.name = name;
    this.faults = faults;
    this.powerFails = powerFails;
  }

  /** Reads the store anew when it is next needed. */
  void forget() {
    image = null;
  }

  boolean exists() throws IOException {
    return store.size() > 0;
  }

  void close() throws IOException {
    image = null;
    store.close();
  }

  /** The newest copy, null for a blank store. Finishes what a loss of power has cut short. */
  @Nullable ElementImage load() throws StrongroomException {
    if (image != null) {
      return image;
    }
    byte[][] copies = {new byte[ElementImage.COPY_LENGTH], new byte[ElementImage.COPY_LENGTH]};
    ElementImage[] read = new ElementImage[2];
    IllegalArgumentException trouble = null;
    try {
      for (int i = 0; i < 2; i++) {
        store.read((long) i * ElementImage.COPY_LENGTH, copies[i]);
      }
    } catch (IOException e) {
      throw new ElementStorageException("reading " + name, e);
    }
    for (int i = 0; i < 2; i++) {
      try {
        read[i] = ElementImage.parse(copies[i], i);
      } catch (IllegalArgumentException e) {
        trouble = e;
      }
    }
    ElementImage newest = newest(read[0], read[1]);
    if (newest == null) {
      if (ElementImage.isZero(copies[0], 0)) {
        return null;
      }
      throw new ElementDamagedException(
          trouble == null ? "both copies" : "of both copies, " + trouble.getMessage(), trouble);
    }
    image = newest;
    ElementImage other = read[1 - newest.copy()];
    if (other == null || other.generation() < newest.floor()) {
      write(newest.next(newest.floor()));
    }
    eraseBlockedSlots();
    return image;
  }

  private void eraseBlockedSlots() throws StrongroomException {
    ElementImage now = image;
    if (now == null) {
      return;
    }
    ElementImage erased = now;
    boolean found = false;
    for (Role role : Role.values()) {
      if (now.tries(role).left() == 0 && now.slot(role) != null) {
        erased = erased.withSlot(role, null);
        found = true;
      }
    }
    if (found) {
      writeBoth(erased);
    }
  }

  private static @Nullable ElementImage newest(
      @Nullable ElementImage first, @Nullable ElementImage second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return first.generation() > second.generation() ? first : second;
  }

  /** Writes to both copies what no longer holds a secret that was there before. */
  void writeBoth(ElementImage changed) throws StrongroomException {
    ElementImage first = changed.next(changed.generation() + 1);
    write(first);
    write(first.next(first.floor()));
  }

  /** Writes one copy and syncs; afterwards this is the element's state. */
  void write(ElementImage next) throws StrongroomException {
    byte[] copy = next.encode();
    long position = (long) next.copy() * ElementImage.COPY_LENGTH;
    Faults planned = faults.get();
    int kept = planned == null ? -1 : planned.powerLoss();
    image = null;
    try {
      if (kept >= 0) {
        if (kept > 0) {
          store.write(position, Arrays.copyOf(copy, Math.min(kept, copy.length)));
        }
        powerFails.run();
        throw new ElementRemovedException(name);
      }
      store.write(position, copy);
      store.sync();
    } catch (StrongroomException e) {
      throw e;
    } catch (IOException e) {
      throw new ElementStorageException("writing " + name, e);
    }
    image = next;
  }
}
