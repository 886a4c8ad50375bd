// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * An HMAC-SHA-256 key (FIPS 198-1).
 *
 * <p>Works with one {@link Mac} a thread, since making one costs more than a short computation.
 *
 * <p>Thread safety: thread-safe as long as nobody uses it while it is closed.
 */
public final class MacKey implements AutoCloseable {

  /** Length of a MAC in bytes. */
  public static final int LENGTH = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private static final ThreadLocal<Mac> MAC =
      ThreadLocal.withInitial(
          () -> {
            try {
              return Mac.getInstance(ALGORITHM);
            } catch (GeneralSecurityException e) {
              throw new IllegalStateException("every Java platform has HmacSHA256", e);
            }
          });

  private final AesKey key;

  /**
   * Takes over a key.
   *
   * @param content the key's bytes, zeroed at close
   */
  MacKey(byte[] content) {
    key = new AesKey(content);
  }

  private Mac begin() {
    return begin(key);
  }

  private static Mac begin(SecretKey key) {
    try {
      Mac mac = MAC.get();
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC failed", e);
    }
  }

  /**
   * Authenticates an array under a key that is needed this once.
   *
   * @param key the key's bytes, which stay the caller's
   * @param content the array
   * @return 32 bytes
   */
  public static byte[] once(byte[] key, byte[] content) {
    return begin(new SecretKeySpec(key, ALGORITHM)).doFinal(content);
  }

  /**
   * Authenticates a part of an array.
   *
   * @param content the array
   * @param offset where the part begins
   * @param length how long it is
   * @return 32 bytes
   */
  public byte[] mac(byte[] content, int offset, int length) {
    Mac mac = begin();
    mac.update(content, offset, length);
    return mac.doFinal();
  }

  /**
   * Authenticates several arrays, one after the other.
   *
   * @param parts the arrays
   * @return 32 bytes
   */
  public byte[] mac(byte[]... parts) {
    Mac mac = begin();
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

  /**
   * Begins a MAC of what does not come at once, beside which others may be computed.
   *
   * @return it, for one thread at a time
   */
  public Running start() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return new Running(mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /**
   * A MAC on its way.
   *
   * <p>Thread safety: for one thread at a time.
   */
  public static final class Running {

    private final Mac mac;

    private Running(Mac mac) {
      this.mac = mac;
    }

    /**
     * Takes in what comes next.
     *
     * @param content the array
     * @param offset where it begins
     * @param length how many bytes
     */
    public void update(byte[] content, int offset, int length) {
      mac.update(content, offset, length);
    }

    /**
     * Ends it.
     *
     * @return {@value MacKey#LENGTH} bytes
     */
    public byte[] end() {
      return mac.doFinal();
    }
  }

  @Override
  public void close() {
    key.destroy();
  }
}
