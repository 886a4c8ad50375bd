// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.check;

/**
 * One thing that a check met.
 *
 * @param kind what it is about
 * @param severity what it means
 * @param file the file's path in the volume, or the host file's name where it has none
 * @param from the first byte of the file's content that is meant; of an uncommitted tail, of the
 *     host file; -1 where no range is meant
 * @param to the byte after the last, or -1
 * @param detail what was expected and found, in words
 *     <p>Thread safety: immutable.
 */
public record Finding(
    FindingKind kind, Severity severity, String file, long from, long to, String detail) {

  /**
   * How many bytes are meant.
   *
   * @return bytes, 0 where no range is meant
   */
  public long bytes() {
    return from < 0 ? 0 : to - from;
  }

  @Override
  public String toString() {
    String range = from < 0 ? "" : ", bytes " + from + " to " + to;
    return severity + " " + kind.code() + ": " + file + range + ": " + detail;
  }
}
