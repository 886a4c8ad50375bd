// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.simulator.records.KeyMemory;
import dev.strongroom.simulator.records.PageMedium;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The element's state on its store, in two copies, and the way to the pages behind them.
 *
 * <p>Every change is one write of the older copy and a sync. A change that removes a secret also
 * raises the floor, and is written twice, so that neither copy keeps it.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link ElementApplication}.
 */
final class ElementMemory implements PageMedium {

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
    for (int i = 0; i < 2; i++) {
      read((long) i * ElementImage.COPY_LENGTH, copies[i]);
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
    if (newest.lifeCycle() == LifeCycle.BLANK) {
      KeyMemory.erase(this);
    }
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
  ElementImage writeBoth(ElementImage changed) throws StrongroomException {
    ElementImage first = changed.next(changed.generation() + 1);
    ElementImage second = first.next(first.floor());
    write(first);
    write(second);
    return second;
  }

  /** Writes one copy and syncs; afterwards this is the element's state. */
  void write(ElementImage next) throws StrongroomException {
    image = null;
    write((long) next.copy() * ElementImage.COPY_LENGTH, next.encode());
    sync();
    image = next;
  }

  @Override
  public long size() throws ElementStorageException {
    try {
      return store.size();
    } catch (IOException e) {
      throw new ElementStorageException("reading " + name, e);
    }
  }

  @Override
  public void read(long position, byte[] target) throws ElementStorageException {
    try {
      Arrays.fill(target, store.read(position, target), target.length, (byte) 0);
    } catch (IOException e) {
      throw new ElementStorageException("reading " + name, e);
    }
  }

  @Override
  public void write(long position, byte[] content) throws StrongroomException {
    Faults planned = faults.get();
    int kept = planned == null ? -1 : planned.powerLoss();
    try {
      if (kept >= 0) {
        if (kept > 0) {
          store.write(position, Arrays.copyOf(content, Math.min(kept, content.length)));
        }
        powerFails.run();
        throw new ElementRemovedException(name);
      }
      store.write(position, content);
    } catch (StrongroomException e) {
      throw e;
    } catch (IOException e) {
      throw new ElementStorageException("writing " + name, e);
    }
  }

  @Override
  public void sync() throws StrongroomException {
    try {
      store.sync();
    } catch (StrongroomException e) {
      throw e;
    } catch (IOException e) {
      throw new ElementStorageException("writing " + name, e);
    }
  }
}
