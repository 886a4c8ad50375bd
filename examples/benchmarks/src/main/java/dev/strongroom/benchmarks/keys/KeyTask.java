// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;

/** One operation, again and again by one thread. */
@FunctionalInterface
interface KeyTask {

  /** Does it once. */
  void run() throws IOException, GeneralSecurityException;
}
