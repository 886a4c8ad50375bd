// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;

/** Somebody who holds keys. */
interface KeyContender extends AutoCloseable {

  /** Who it is. */
  KeyKind kind();

  /**
   * Work for one thread; what is opened there is compared with what was closed.
   *
   * @throws IOException if it fails
   * @throws GeneralSecurityException if it does not have the algorithm
   */
  KeyTask task(KeyWork work) throws IOException, GeneralSecurityException;

  @Override
  void close() throws IOException;
}
