// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;

/**
 * The element's state is older than one that this volume has worked with: it was restored from a
 * copy. That catches accidents and partial restores, not a copy of everything.
 *
 * <p>Thread safety: immutable.
 */
public final class StaleElementException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final transient Bytes element;
  private final long recorded;
  private final long found;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param element the element's serial number
   * @param recorded state generation that the volume has recorded
   * @param found state generation of the element
   */
  public StaleElementException(String volume, Bytes element, long recorded, long found) {
    super(
        volume
            + ": element "
            + element
            + " is at state generation "
            + found
            + ", this volume has worked with generation "
            + recorded
            + "; the element's file is an old copy, use the current one",
        null);
    this.element = element;
    this.recorded = recorded;
    this.found = found;
  }

  /**
   * The element.
   *
   * @return its serial number
   */
  public Bytes element() {
    return element;
  }

  /**
   * The state generation that the volume has recorded.
   *
   * @return the higher number
   */
  public long recorded() {
    return recorded;
  }

  /**
   * The state generation of the element.
   *
   * @return the lower number
   */
  public long found() {
    return found;
  }
}
