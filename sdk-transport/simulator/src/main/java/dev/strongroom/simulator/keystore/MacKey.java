// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.LentKey;
import dev.strongroom.core.keys.KeyAlgorithm;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;

/**
 * HMAC (FIPS 198-1) under one key.
 *
 * <p>Thread safety: confined to the thread that has taken it.
 */
public final class MacKey implements PreparedKey {

  private final Mac mac;
  private final LentKey key;

  MacKey(KeyAlgorithm algorithm, SecretBytes value) {
    String name = name(algorithm);
    this.key = new LentKey(name);
    try {
      this.mac = Mac.getInstance(name);
      value.use(
          content -> {
            mac.init(key.lend(content));
            return mac;
          });
    } catch (GeneralSecurityException e) {
      throw GcmKey.platform(e);
    } finally {
      key.takeBack();
    }
  }

  private static String name(KeyAlgorithm algorithm) {
    return switch (algorithm) {
      case HMAC_SHA_256 -> "HmacSHA256";
      case HMAC_SHA_384 -> "HmacSHA384";
      case HMAC_SHA_512 -> "HmacSHA512";
      default -> throw new IllegalArgumentException(algorithm + " makes no MAC");
    };
  }

  /**
   * Length of its MACs.
   *
   * @return in bytes
   */
  public int length() {
    return mac.getMacLength();
  }

  /**
   * Takes a part of a message.
   *
   * @param part what remains in it
   */
  public void update(ByteBuffer part) {
    mac.update(part);
  }

  /**
   * The MAC of all that was taken since the last one.
   *
   * @return the MAC
   */
  public byte[] finish() {
    return mac.doFinal();
  }

  /** Overwrites the key. */
  @Override
  public void forget() {
    try {
      mac.init(key.takeBack());
    } catch (GeneralSecurityException e) {
      throw GcmKey.platform(e);
    }
  }
}
