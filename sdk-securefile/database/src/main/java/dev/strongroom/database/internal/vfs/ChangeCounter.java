// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The numbers in a database's header by which connections notice that another one has committed:
 * the change counter (offset 24, 4 bytes), and the counter and library version for which the header
 * is valid (offset 92, 8 bytes). They change with every commit, and say nothing when the process
 * has ended. So where they are all that is new in the first page, they are kept here, and the file
 * keeps its first page: a commit of one row then changes one page instead of two.
 *
 * <p>See <a href="https://sqlite.org/fileformat2.html#file_change_counter">Database File
 * Format</a>. The file's own numbers stay those of its last first page, which fits them.
 *
 * <p>Thread safety: as {@link DatabaseFile}, by SQLite's locks.
 */
final class ChangeCounter {

  private static final int HEADER = 100;
  private static final int COUNTER = 24;
  private static final int COUNTER_END = 28;
  private static final int VALID_FOR = 92;

  /** The header from the counter on; null if the file's own counts. */
  private byte @Nullable [] header;

  private byte @Nullable [] published;

  /** Whether a write is of the first page. */
  static boolean isIn(long position, int length) {
    return position == 0 && length >= HEADER;
  }

  /**
   * Takes the numbers out of a first page, if nothing else in it is new.
   *
   * @param page the new one
   * @param inFile the file's own, of the same length
   * @return false if the page has to be written
   */
  boolean take(byte[] page, byte[] inFile, int length) {
    boolean alone =
        Arrays.equals(page, 0, COUNTER, inFile, 0, COUNTER)
            && Arrays.equals(page, COUNTER_END, VALID_FOR, inFile, COUNTER_END, VALID_FOR)
            && Arrays.equals(page, HEADER, length, inFile, HEADER, length);
    header = alone ? Arrays.copyOfRange(page, COUNTER, HEADER) : null;
    return alone;
  }

  /** Lets the file's own numbers count. */
  void drop() {
    header = null;
  }

  /** Whether numbers may have to be put over what is read at a position. */
  static boolean isShownIn(long position) {
    return position < HEADER;
  }

  /** Puts the numbers over what was read of the file. */
  void showIn(long position, byte[] target, int length) {
    byte[] shown = header;
    if (shown != null && isShownIn(position)) {
      show(shown, COUNTER, COUNTER_END, position, target, length);
      show(shown, VALID_FOR, HEADER, position, target, length);
    }
  }

  private static void show(
      byte[] shown, int from, int to, long position, byte[] target, int length) {
    int start = (int) Math.max(from, position);
    int end = (int) Math.min(to, position + length);
    if (start < end) {
      System.arraycopy(shown, start - COUNTER, target, (int) (start - position), end - start);
    }
  }

  /** What counts now is committed. */
  void publish() {
    published = header;
  }

  /** Goes back to what is committed. */
  void discard() {
    header = published;
  }
}
