// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.internal.crypto.SectorKey;
import java.io.IOException;

/**
 * The keys of the sectors of a file that is scanned.
 *
 * <p>Thread safety: {@link #of} may be called by several threads between two calls of the others.
 */
public interface ContentKeys extends AutoCloseable {

  /**
   * Has the keys of some sectors at hand, and may give up those of others.
   *
   * @param first the first of them
   * @param count how many, at least 1
   * @throws IOException if the element does not answer
   */
  void prepare(long first, int count) throws IOException;

  /**
   * The key of a sector that was prepared.
   *
   * @param sector its index
   * @return the key, owned by this
   */
  SectorKey of(long sector);

  /** Zeroes what was fetched for the scan. */
  @Override
  void close();
}
