// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import java.util.List;

/**
 * Where the pairs of a volume's files come from, while it is open.
 *
 * <p>Thread safety: thread-safe.
 */
interface KeySupply extends AutoCloseable {

  /**
   * The pairs of any number of files.
   *
   * @return one for each request, in order; the caller closes them
   */
  List<Grub> pairs(List<KeyRequest> requests) throws StrongroomException;

  /**
   * The keys of consecutive crypto pages of a file.
   *
   * @return one for each page, in order; the caller closes them
   */
  List<SecretBytes> pages(KeyRequest file, long first, int count) throws StrongroomException;

  /**
   * What the header of a file with a new pair says about where it comes from.
   *
   * @param request what was asked for
   * @param pair the answer
   */
  KeyOrigin origin(KeyRequest request, Grub pair);

  @Override
  void close();
}
