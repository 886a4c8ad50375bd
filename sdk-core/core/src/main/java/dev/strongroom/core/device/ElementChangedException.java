// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;

/**
 * Where an element was, there is now another one: the card in the reader was swapped. Nothing was
 * sent to it but the question who it is.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementChangedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final String element;
  private final String expected;
  private final String found;

  /**
   * Reports an element.
   *
   * @param element URI or name of the place
   * @param expected serial number of the element that was there, 16 bytes
   * @param found serial number of the one that is there now, 16 bytes
   */
  public ElementChangedException(String element, Bytes expected, Bytes found) {
    super(
        "at "
            + element
            + " there was the secure element "
            + expected
            + ", and now there is "
            + found
            + "; put the first one back, or close the element and open it again to use the other",
        null);
    this.element = element;
    this.expected = expected.toString();
    this.found = found.toString();
  }

  /**
   * Where it happened.
   *
   * @return URI or name
   */
  public String element() {
    return element;
  }

  /**
   * Which element was there.
   *
   * @return its serial number, 16 bytes
   */
  public Bytes expected() {
    return Bytes.parse(expected);
  }

  /**
   * Which element is there now.
   *
   * @return its serial number, 16 bytes
   */
  public Bytes found() {
    return Bytes.parse(found);
  }
}
