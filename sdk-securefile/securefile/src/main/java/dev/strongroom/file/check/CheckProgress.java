// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.check;

/**
 * How far a check has come.
 *
 * @param file the path of the file that is being read
 * @param bytes bytes of host files that have been read
 * @param total bytes of host files that there are to read, as counted when the check began, or
 *     {@link #UNKNOWN}. Of a whole volume they count the volume file and all host files with their
 *     holes, which are passed over; of one file, its own. Nobody counts what lies below a directory
 *     in advance. What is written meanwhile is not among them, so that {@code bytes} may end below
 *     or above.
 *     <p>Thread safety: immutable.
 */
public record CheckProgress(String file, long bytes, long total) {

  /** A total that is not known. */
  public static final long UNKNOWN = -1;
}
