// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKey;
import org.jspecify.annotations.Nullable;

/**
 * Which element a device has turned out to be: it must stay that one, however often the link is
 * made anew.
 *
 * <p>Thread safety: thread-safe.
 */
final class KnownElement {

  private final String name;
  private @Nullable Bytes serialNumber; // guarded by this
  private @Nullable ChannelKey key; // guarded by this

  KnownElement(String name) {
    this.name = name;
  }

  /** Takes the serial number the first time, and compares it afterwards. */
  synchronized void require(ElementInfo found) throws ElementChangedException {
    Bytes known = serialNumber;
    if (known == null) {
      serialNumber = found.serialNumber();
    } else if (!known.equals(found.serialNumber())) {
      throw new ElementChangedException(name, known, found.serialNumber());
    }
  }

  /** Compares a key with the one that the element has proved to have, if it has done so before. */
  synchronized void require(ChannelKey found) throws ElementKeyChangedException {
    ChannelKey known = key;
    if (known != null && !known.equals(found)) {
      throw new ElementKeyChangedException(name, known, found);
    }
  }

  /** The element has proved to have a key. */
  synchronized void proved(ChannelKey found) throws ElementKeyChangedException {
    require(found);
    key = found;
  }
}
