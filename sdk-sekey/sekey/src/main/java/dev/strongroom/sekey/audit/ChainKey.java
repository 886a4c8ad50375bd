// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;

/**
 * The key of an audit log, in an element that does not give it away.
 *
 * <p>Thread safety: as the implementation.
 */
@FunctionalInterface
public interface ChainKey {

  /**
   * Authenticates an entry.
   *
   * @param entry as it is encoded
   * @return HMAC-SHA-256 under the chain key, 32 bytes
   * @throws StrongroomException if the element fails or refuses
   */
  Bytes authenticate(Bytes entry) throws StrongroomException;
}
