// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * An HMAC-SHA-256 key (FIPS 198-1) with its ready {@link Mac}.
 *
 * <p>Thread safety: thread-safe; one computation at a time.
 */
public final class MacKey implements AutoCloseable {

  /** Length of a MAC in bytes. */
  public static final int LENGTH = 32;

  private final SecretKey key;
  private final Mac mac;

  /**
   * Takes over a key.
   *
   * @param content the key's bytes, zeroed at close
   */
  MacKey(byte[] content) {
    key = new AesKey(content);
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /**
   * Authenticates a part of an array.
   *
   * @param content the array
   * @param offset where the part begins
   * @param length how long it is
   * @return 32 bytes
   */
  public synchronized byte[] mac(byte[] content, int offset, int length) {
    mac.update(content, offset, length);
    return mac.doFinal();
  }

  /**
   * Authenticates several arrays, one after the other.
   *
   * @param parts the arrays
   * @return 32 bytes
   */
  public synchronized byte[] mac(byte[]... parts) {
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  /**
   * Checks the MAC of a part of an array in constant time.
   *
   * @param content the array
   * @param offset where the part begins
   * @param length how long it is
   * @param expected an array that holds the MAC
   * @param expectedOffset where
   * @return whether it is right
   */
  public boolean verify(
      byte[] content, int offset, int length, byte[] expected, int expectedOffset) {
    byte[] computed = mac(content, offset, length);
    return java.security.MessageDigest.isEqual(
        computed, Arrays.copyOfRange(expected, expectedOffset, expectedOffset + LENGTH));
  }

  @Override
  public void close() {
    try {
      key.destroy();
    } catch (javax.security.auth.DestroyFailedException e) {
      throw new IllegalStateException(e);
    }
  }
}
