// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKey;

/**
 * An element has another channel key than the one that was pinned: it is another element, or
 * something between it and this program that poses as it. No PIN is sent to it.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementKeyChangedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final String element;
  private final String expected;
  private final String found;

  /**
   * Reports a key.
   *
   * @param element URI or name of the element
   * @param expected the key that was pinned
   * @param found the key that it has
   */
  public ElementKeyChangedException(String element, ChannelKey expected, ChannelKey found) {
    super(
        "the secure element "
            + element
            + " has the channel key "
            + found.fingerprintText()
            + " and not "
            + expected.fingerprintText()
            + ", which was pinned; no PIN is sent to it. Use the right element; if it was replaced on"
            + " purpose, open with the new key",
        null);
    this.element = element;
    this.expected = expected.fingerprint().toString();
    this.found = found.fingerprint().toString();
  }

  /**
   * Which element.
   *
   * @return its URI or name
   */
  public String element() {
    return element;
  }

  /**
   * Which key was pinned.
   *
   * @return its fingerprint, SHA-256 of the point, 32 bytes
   */
  public Bytes expected() {
    return Bytes.parse(expected);
  }

  /**
   * Which key the element has.
   *
   * @return its fingerprint, SHA-256 of the point, 32 bytes
   */
  public Bytes found() {
    return Bytes.parse(found);
  }
}
