// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import dev.strongroom.core.Bytes;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;

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
  public static final int LENGTH = P256.POINT_LENGTH;

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
    P256.point(point.toByteArray());
  }

  /**
   * What identifies the key where all of it would be too long.
   *
   * @return SHA-256 of the point, 32 bytes
   */
  public Bytes fingerprint() {
    return Bytes.copyOf(P256.sha256(point.toByteArray()));
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

  ECPublicKeyParameters parameters() {
    return P256.point(point.toByteArray());
  }
}
