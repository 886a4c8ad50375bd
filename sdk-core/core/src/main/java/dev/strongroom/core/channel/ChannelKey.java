// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The public key by which an element proves in the secure channel that it is the same one as last
 * time; hosts pin it. It proves no identity.
 *
 * <p>Thread safety: immutable.
 *
 * @param point a point of P-256, 65 bytes: 04 | X | Y
 */
public record ChannelKey(Bytes point) {

  /** Length of the point in bytes. */
  public static final int LENGTH = P256.PUBLIC_KEY_LENGTH;

  /** Length of the fingerprint in bytes. */
  public static final int FINGERPRINT_LENGTH = 32;

  private static final int SHOWN = 16;

  /**
   * Checks that the point is on the curve.
   *
   * @param point 04 | X | Y
   * @throws IllegalArgumentException if it is not an uncompressed point of P-256
   */
  public ChannelKey {
    P256.requirePublicKey(point);
  }

  /**
   * What identifies the key where all of it would be too long.
   *
   * @return SHA-256 of the point, 32 bytes
   */
  public Bytes fingerprint() {
    try {
      return Bytes.copyOf(MessageDigest.getInstance("SHA-256").digest(point.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The fingerprint for people to compare.
   *
   * @return its first 16 bytes in hexadecimal, in groups of four digits
   */
  public String fingerprintText() {
    String digits = fingerprint().toString().substring(0, 2 * SHOWN);
    return digits.replaceAll("(....)(?!$)", "$1 ");
  }

  @Override
  public String toString() {
    return "ChannelKey[" + fingerprintText() + "]";
  }
}
