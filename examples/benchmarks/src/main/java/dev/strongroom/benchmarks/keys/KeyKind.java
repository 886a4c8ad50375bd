// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

/**
 * Who holds the keys.
 *
 * <p>Thread safety: immutable.
 */
enum KeyKind {
  /** A simulated element in the process, by key id through a session. */
  STRONGROOM("strongroom"),
  /** SunJCE and SunEC, an IV from {@code SecureRandom} for each text. */
  JDK("JDK"),
  /** The same, and the IV is a counter. */
  JDK_COUNTED("JDK, counted IVs"),
  /** Bouncy Castle's provider. */
  BOUNCY_CASTLE("Bouncy Castle"),
  /** SoftHSM2 through SunPKCS11. */
  SOFTHSM2("SoftHSM2");

  private final String title;

  KeyKind(String title) {
    this.title = title;
  }

  /** What tables call it. */
  String title() {
    return title;
  }
}
