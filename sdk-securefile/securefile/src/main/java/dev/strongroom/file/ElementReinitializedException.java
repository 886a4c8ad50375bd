// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;

/**
 * The element has the serial number that the volume names, but was initialised anew since: its keys
 * are others, and no element with the former ones is left unless there is a twin or a recovery
 * element.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementReinitializedException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;
  private final transient Bytes element;
  private final transient Bytes expected;
  private final transient Bytes found;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param element the element's serial number
   * @param expected fingerprint of the identity that the volume has recorded, 32 bytes
   * @param found fingerprint of the identity that the element has now, 32 bytes
   */
  public ElementReinitializedException(String volume, Bytes element, Bytes expected, Bytes found) {
    super(
        volume
            + ": element "
            + element
            + " was initialised anew since the volume has known it (its identity was "
            + expected
            + " and is "
            + found
            + "), so its keys are others; use a twin of the former one, or the volume's recovery"
            + " element",
        null);
    this.volume = volume;
    this.element = element;
    this.expected = expected;
    this.found = found;
  }

  /**
   * The volume's place.
   *
   * @return the value
   */
  public String volume() {
    return volume;
  }

  /**
   * The element's serial number.
   *
   * @return 16 bytes
   */
  public Bytes element() {
    return element;
  }

  /**
   * Fingerprint of the identity that the volume has recorded.
   *
   * @return SHA-256 of signing key and agreement key
   */
  public Bytes expected() {
    return expected;
  }

  /**
   * Fingerprint of the identity that the element has now.
   *
   * @return SHA-256 of signing key and agreement key
   */
  public Bytes found() {
    return found;
  }
}
