// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.check.FindingKind;
import java.io.IOException;

/**
 * Takes what a {@link FileScan} reads, in the order of the content.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
public interface ScanSink {

  /**
   * Takes authentic content.
   *
   * @param position where it lies in the file
   * @param clear the array; zeroed after the call
   * @param offset where it begins
   * @param length how many bytes, without those behind the end of the file
   * @throws IOException if it cannot be taken; ends the scan
   */
  void content(long position, byte[] clear, int offset, int length) throws IOException;

  /**
   * Hears of a range that cannot be read.
   *
   * @param kind what is damaged
   * @param from the first byte of the content
   * @param to the byte after the last
   * @param detail what was expected and found
   */
  void damaged(FindingKind kind, long from, long to, String detail);

  /**
   * Hears of a sector that can be read, and was purified in part.
   *
   * @param from its first byte
   * @param to the byte after its last
   */
  void purifiedInPart(long from, long to);
}
