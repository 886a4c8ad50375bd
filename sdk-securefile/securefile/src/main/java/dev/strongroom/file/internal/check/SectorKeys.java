// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.SectorKey;
import java.io.IOException;

/**
 * The content keys of a file that is scanned: one for all, or one for each crypto page.
 *
 * <p>Thread safety: required, given back and closed by the thread that checks; the keys of what it
 * has required may be looked up on several.
 */
public interface SectorKeys extends AutoCloseable {

  /**
   * One key for all sectors.
   *
   * @param keys the file's keys, which stay open meanwhile
   * @return the keys
   */
  static SectorKeys of(FileKeys keys) {
    return new SectorKeys() {
      @Override
      public void require(long first, long end) {
        // it is there
      }

      @Override
      public SectorKey key(long sector) {
        return keys.content();
      }

      @Override
      public void close() {
        // it belongs to the file
      }
    };
  }

  /**
   * Has the keys of some sectors at hand; those of others may be given up.
   *
   * @param first the first sector
   * @param end the one after the last
   * @throws IOException if the element does not answer
   */
  void require(long first, long end) throws IOException;

  /**
   * The key of a sector that was required; called by several threads.
   *
   * @param sector its index
   * @return the key
   */
  SectorKey key(long sector);

  @Override
  void close();
}
