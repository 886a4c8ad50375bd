// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import dev.strongroom.file.SecureFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one connection reads when it goes through a database from page to page: then many pages are
 * read at once, which the secure file decrypts on all processors, and are handed out one by one.
 *
 * <p>What was read is good as long as nobody changes the file, that is, as long as the connection
 * keeps its lock and does not write; whoever owns this calls {@link #forget} then.
 *
 * <p>Thread safety: confined to the connection.
 */
final class ReadAhead {

  /** The page size of a database. */
  private static final int PAGE = 4096;

  /** Pages of the tree lie between those of its leaves; so many are passed over. */
  private static final int GAP = 4 * PAGE;

  /** After so many pages one behind the other more are expected. */
  private static final int ENOUGH = 4;

  /** Reads of this length are shared with other processors, and go past the volume's cache. */
  private static final int LEAST = 64 << 10;

  private static final int MOST = 256 << 10;

  private final SecureFile file;
  private byte[] window = {};
  private long start;
  private int filled;
  private int next = LEAST;

  /** Where a read would go on. */
  private long expected = -1;

  private int inOrder;

  ReadAhead(SecureFile file) {
    this.file = file;
  }

  /** What was read ahead of a position; null if not all of it was. */
  @Nullable ByteBuffer known(long position, int length) {
    if (length < PAGE || position < start || position + length > start + filled) {
      return null;
    }
    expected = position + length;
    return ByteBuffer.wrap(window, (int) (position - start), length);
  }

  /** Reads at a position; answers how many bytes, fewer than wanted only at the end. */
  int read(long position, byte[] target, int length) throws IOException {
    if (length < PAGE) { // a look at the header
      return Math.max(0, file.pread(position, target, 0, length));
    }
    ByteBuffer known = known(position, length);
    if (known != null) {
      known.get(target, 0, length);
      return length;
    }
    boolean goesOn = position >= expected && position <= expected + GAP;
    inOrder = goesOn ? inOrder + 1 : 0;
    expected = position + length;
    if (inOrder < ENOUGH) {
      next = LEAST;
    } else if (fill(position) && filled >= length) {
      System.arraycopy(window, 0, target, 0, length);
      return length;
    }
    return Math.max(0, file.pread(position, target, 0, length));
  }

  /** Fills the window; false where something in it cannot be read, which nobody has asked for. */
  private boolean fill(long position) {
    if (window.length < next) {
      forgetContent();
      window = new byte[next];
    }
    try {
      filled = Math.max(0, file.pread(position, window, 0, next));
      start = position;
      next = MOST;
      return true;
    } catch (IOException e) {
      forget();
      return false;
    }
  }

  /** Forgets what was read: it may be changed from now on. */
  void forget() {
    if (filled > 0) {
      forgetContent();
    }
    expected = -1;
    inOrder = 0;
    next = LEAST;
  }

  private void forgetContent() {
    Arrays.fill(window, (byte) 0);
    filled = 0;
  }
}
