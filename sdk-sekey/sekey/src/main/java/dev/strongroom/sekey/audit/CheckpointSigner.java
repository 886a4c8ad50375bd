// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;

/**
 * Who vouches for the end of an audit log: the element of who keeps it.
 *
 * <p>Thread safety: as the implementation.
 */
@FunctionalInterface
public interface CheckpointSigner {

  /**
   * Signs a checkpoint.
   *
   * @param checkpoint as it is encoded
   * @return the signature
   * @throws StrongroomException if the element fails or refuses
   */
  Bytes sign(Bytes checkpoint) throws StrongroomException;
}
