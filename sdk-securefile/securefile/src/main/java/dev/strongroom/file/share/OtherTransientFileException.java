// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.SecureFileException;

/**
 * Another transient file lies where recipients were to be changed than the one that was meant.
 * Nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class OtherTransientFileException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final byte[] expected;
  private final byte[] found;

  /**
   * Reports it.
   *
   * @param file the file
   * @param expected transient id of the one that was meant
   * @param found transient id of the one that is there
   */
  public OtherTransientFileException(String file, Bytes expected, Bytes found) {
    super(
        file
            + " is the transient file "
            + found
            + ", meant was "
            + expected
            + "; look at it with inspect, and find the right one",
        null);
    this.file = file;
    this.expected = expected.toByteArray();
    this.found = found.toByteArray();
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
   * What was meant.
   *
   * @return a transient id, 16 bytes
   */
  public Bytes expected() {
    return Bytes.copyOf(expected);
  }

  /**
   * What is there.
   *
   * @return a transient id, 16 bytes
   */
  public Bytes found() {
    return Bytes.copyOf(found);
  }
}
