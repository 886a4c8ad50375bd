// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.check;

/**
 * How far a check has come.
 *
 * @param file the path of the file that is being read
 * @param bytes bytes of host files that have been read
 * @param total bytes of host files that there are to read, as counted when the check began
 *     <p>Thread safety: immutable.
 */
public record CheckProgress(String file, long bytes, long total) {}
