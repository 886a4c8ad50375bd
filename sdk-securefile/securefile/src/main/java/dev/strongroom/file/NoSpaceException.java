// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import org.jspecify.annotations.Nullable;

/**
 * The medium is full; the write was not accepted and nothing else has changed.
 *
 * <p>Thread safety: immutable.
 */
public final class NoSpaceException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String place;
  private final long needed;
  private final long usable;

  /**
   * Reports it.
   *
   * @param place the volume or file
   * @param needed bytes that are needed, or 0 or less when it is not known
   * @param usable bytes that are there, or -1 when it is not known
   * @param cause what the store reported, or null
   */
  public NoSpaceException(String place, long needed, long usable, @Nullable Throwable cause) {
    super(
        place
            + ": no space"
            + (needed <= 0 ? " for a write" : ": " + needed + " bytes are needed")
            + (usable < 0 ? "" : ", " + usable + " are free")
            + "; free some and try again",
        cause);
    this.place = place;
    this.needed = needed;
    this.usable = usable;
  }

  /**
   * The volume or file.
   *
   * @return the value
   */
  public String place() {
    return place;
  }

  /**
   * Bytes that are needed; 0 or less when it is not known.
   *
   * @return the value
   */
  public long needed() {
    return needed;
  }

  /**
   * Bytes that are there, or -1 when it is not known.
   *
   * @return the value
   */
  public long usable() {
    return usable;
  }
}
