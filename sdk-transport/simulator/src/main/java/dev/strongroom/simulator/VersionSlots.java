// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.NoFreeVersionSlotException;
import dev.strongroom.core.device.VersionMismatchException;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.device.VersionSlotNotFoundException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The version slots of an element, in the order in which they were made.
 *
 * <p>Thread safety: immutable.
 *
 * @param list one a volume, at most {@value #COUNT}
 */
record VersionSlots(List<VersionSlot> list) {

  /** How many there are. */
  static final int COUNT = 64;

  static final VersionSlots NONE = new VersionSlots(List.of());

  VersionSlots {
    list = List.copyOf(list);
  }

  Optional<VersionSlot> find(Bytes volume) {
    return list.stream().filter(slot -> slot.volume().equals(volume)).findFirst();
  }

  /** One step of a volume's slot, from the state that is expected. */
  VersionSlots advanced(VersionSlot expected, Bytes newRoot)
      throws VersionMismatchException, NoFreeVersionSlotException {
    VersionSlot found = find(expected.volume()).orElse(VersionSlot.none(expected.volume()));
    if (!found.equals(expected)) {
      throw new VersionMismatchException(expected, null);
    }
    List<VersionSlot> next = new ArrayList<>(list);
    int at = next.indexOf(found);
    if (at >= 0) {
      next.set(at, expected.next(newRoot));
    } else if (list.size() < COUNT) {
      next.add(expected.next(newRoot));
    } else {
      throw new NoFreeVersionSlotException();
    }
    return new VersionSlots(next);
  }

  VersionSlots without(Bytes volume) throws VersionSlotNotFoundException {
    VersionSlot released = find(volume).orElseThrow(() -> new VersionSlotNotFoundException(volume));
    List<VersionSlot> rest = new ArrayList<>(list);
    rest.remove(released);
    return new VersionSlots(rest);
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(list.size() * ElementProtocol.VERSION_SLOT_LENGTH);
    for (VersionSlot slot : list) {
      out.put(slot.volume().toByteArray()).put(slot.root().toByteArray()).putLong(slot.counter());
    }
    return out.array();
  }

  /**
   * Reads slots.
   *
   * @throws IllegalArgumentException if the length is wrong
   */
  static VersionSlots parse(byte[] encoded) {
    int count = encoded.length / ElementProtocol.VERSION_SLOT_LENGTH;
    if (encoded.length % ElementProtocol.VERSION_SLOT_LENGTH != 0 || count > COUNT) {
      throw new IllegalArgumentException("version slots of a wrong length");
    }
    List<VersionSlot> slots = new ArrayList<>(count);
    for (int at = 0; at < encoded.length; at += ElementProtocol.VERSION_SLOT_LENGTH) {
      slots.add(
          new VersionSlot(
              Bytes.copyOf(encoded, at, 16),
              Bytes.copyOf(encoded, at + 16, VersionSlot.ROOT_LENGTH),
              ByteBuffer.wrap(encoded).getLong(at + 16 + VersionSlot.ROOT_LENGTH)));
    }
    return new VersionSlots(slots);
  }
}
