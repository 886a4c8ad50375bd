// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

/**
 * An algorithm under a key, ready for the next text.
 *
 * <p>Thread safety: confined to the thread that has taken it.
 */
sealed interface PreparedKey permits GcmKey, MacKey {

  /** Overwrites the key. */
  void forget();
}
