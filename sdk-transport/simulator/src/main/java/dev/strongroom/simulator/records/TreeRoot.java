// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;

/**
 * Where the root of the key memory lies, and with it the moment at which a change is made.
 *
 * <p>Thread safety: confined; guarded by the lock of the element application.
 */
public interface TreeRoot {

  /**
   * The root that counts.
   *
   * @return section 4.3; no bytes before the first record
   */
  Bytes value();

  /**
   * The generation of the element's state.
   *
   * @return from 1
   */
  long generation();

  /**
   * Makes another root count, with all else that changes at once, in both copies of the state.
   *
   * @param next section 4.3
   * @throws StrongroomException if the medium fails; which root counts is then not known
   */
  void replace(Bytes next) throws StrongroomException;
}
