// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;

/**
 * A file whose crypto pages have keys of their own cannot be made or opened with an element that
 * does not derive such keys.
 *
 * <p>Thread safety: immutable.
 */
public final class PageKeysUnsupportedException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final transient Bytes element;

  /**
   * Reports it.
   *
   * @param file the file
   * @param element serial number of the element
   */
  public PageKeysUnsupportedException(String file, Bytes element) {
    super(
        file
            + ": its crypto pages have keys of their own, which element "
            + element
            + " does not derive; use one with the capability GRUB_PAGES",
        null);
    this.file = file;
    this.element = element;
  }

  /**
   * The file.
   *
   * @return its path
   */
  public String file() {
    return file;
  }

  /**
   * Serial number of the element.
   *
   * @return 16 bytes
   */
  public Bytes element() {
    return element;
  }
}
