// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

/**
 * What is done with a key.
 *
 * <p>Thread safety: immutable.
 */
enum KeyWork {
  /** A short text. */
  ENCRYPT_16("AES-256-GCM, encrypt 16 B", 16),
  /** A text of a kilobyte. */
  ENCRYPT_1024("AES-256-GCM, encrypt 1 KiB", 1024),
  /** A long text. */
  ENCRYPT_65536("AES-256-GCM, encrypt 64 KiB", 65536),
  /** What was a short text. */
  DECRYPT_16("AES-256-GCM, decrypt 16 B", 16),
  /** What was a kilobyte. */
  DECRYPT_1024("AES-256-GCM, decrypt 1 KiB", 1024),
  /** What was a long text. */
  DECRYPT_65536("AES-256-GCM, decrypt 64 KiB", 65536),
  /** A MAC. */
  MAC("HMAC-SHA-256 of 1 KiB", 1024),
  /** A signature. */
  ECDSA("ECDSA P-256, sign 32 B", 32),
  /** A signature. */
  ED25519("Ed25519, sign 32 B", 32),
  /** A secret with another key pair. */
  ECDH("ECDH P-256", 0),
  /** A key that the host has. */
  WRAP("key wrap of 32 B, RFC 3394", 32),
  /** A key that is drawn, and comes back in clear and wrapped. */
  DATA_KEY("data key of 32 B", 32);

  /** 1.3 times the time. */
  private static final double NEAR = 0.77;

  /** Equal, within what two rounds differ by. */
  private static final double EQUAL = 0.95;

  private final String title;
  private final int length;

  KeyWork(String title, int length) {
    this.title = title;
    this.length = length;
  }

  /** What tables call it. */
  String title() {
    return title;
  }

  /** Bytes of the message. */
  int length() {
    return length;
  }

  /** Whether an IV is drawn. */
  boolean hasIv() {
    return this == ENCRYPT_16 || this == ENCRYPT_1024 || this == ENCRYPT_65536;
  }

  /** The part or multiple of another's speed that is to be reached; 0 for none. */
  double goal(KeyKind other) {
    return switch (other) {
      case STRONGROOM, JDK_COUNTED -> 0;
      case JDK -> this == ENCRYPT_1024 || this == DECRYPT_1024 ? NEAR : 0;
      case BOUNCY_CASTLE -> this == ECDSA ? EQUAL : 0;
      case SOFTHSM2 -> this == ENCRYPT_1024 || this == DECRYPT_1024 ? 10 : this == MAC ? 7 : 0;
    };
  }
}
