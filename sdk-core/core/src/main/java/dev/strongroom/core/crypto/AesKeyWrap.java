// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;

/**
 * AES key wrap (NIST SP 800-38F): without padding (6.2, KW; RFC 3394) a key of n bytes, a multiple
 * of 8 and at least 16, becomes n + {@value #OVERHEAD} bytes; with padding (6.3, KWP; RFC 5649) a
 * key of any length becomes the next multiple of 8 and {@value #OVERHEAD} more. They unwrap under
 * the same key and in the same form only.
 *
 * <p>Thread safety: stateless.
 */
public final class AesKeyWrap {

  /** How many bytes a wrapped key is longer. */
  public static final int OVERHEAD = 8;

  private static final String PLAIN = "AES/KW/NoPadding";
  private static final String PADDED = "AES/KWP/NoPadding";
  private static final int BLOCK = 8;

  private AesKeyWrap() {}

  /**
   * Wraps a key.
   *
   * @param kek the key that wraps, 16, 24 or 32 bytes
   * @param key the key that is wrapped, a multiple of 8 bytes, at least 16
   * @return the wrapped key, {@value #OVERHEAD} bytes longer
   * @throws IllegalArgumentException if a key has another length
   */
  public static Bytes wrap(SecretBytes kek, SecretBytes key) {
    requireKek(kek);
    if (key.length() < 2 * BLOCK || key.length() % BLOCK != 0) {
      throw new IllegalArgumentException(
          "a key of " + key.length() + " bytes is no multiple of 8, or shorter than 16");
    }
    return key.use(
        content -> Bytes.copyOf(crypt(PLAIN, Cipher.ENCRYPT_MODE, kek, content).orElseThrow()));
  }

  /**
   * Unwraps a key.
   *
   * @param kek the key that wraps, 16, 24 or 32 bytes
   * @param wrapped the wrapped key
   * @return the key, which the caller closes, or empty if it was not wrapped under this one
   * @throws IllegalArgumentException if the key that wraps has another length
   */
  public static Optional<SecretBytes> unwrap(SecretBytes kek, Bytes wrapped) {
    requireKek(kek);
    if (wrapped.length() < 3 * BLOCK || wrapped.length() % BLOCK != 0) {
      return Optional.empty();
    }
    return crypt(PLAIN, Cipher.DECRYPT_MODE, kek, wrapped.toByteArray()).map(SecretBytes::adopt);
  }

  /**
   * Wraps a key of any length.
   *
   * @param kek the key that wraps, 16, 24 or 32 bytes
   * @param key the key that is wrapped, at least 1 byte
   * @return the wrapped key, a multiple of 8 bytes
   * @throws IllegalArgumentException if a key has another length
   */
  public static Bytes wrapPadded(SecretBytes kek, SecretBytes key) {
    requireKek(kek);
    if (key.length() == 0) {
      throw new IllegalArgumentException("a key of no bytes");
    }
    return key.use(
        content -> Bytes.copyOf(crypt(PADDED, Cipher.ENCRYPT_MODE, kek, content).orElseThrow()));
  }

  /**
   * Unwraps a key of any length.
   *
   * @param kek the key that wraps, 16, 24 or 32 bytes
   * @param wrapped the wrapped key
   * @return the key, which the caller closes, or empty if it was not wrapped under this one
   * @throws IllegalArgumentException if the key that wraps has another length
   */
  public static Optional<SecretBytes> unwrapPadded(SecretBytes kek, Bytes wrapped) {
    requireKek(kek);
    if (wrapped.length() < 2 * BLOCK || wrapped.length() % BLOCK != 0) {
      return Optional.empty();
    }
    return crypt(PADDED, Cipher.DECRYPT_MODE, kek, wrapped.toByteArray()).map(SecretBytes::adopt);
  }

  /** Without the classes of the JDK for wrapped keys, which keep copies of them. */
  private static Optional<byte[]> crypt(String algorithm, int mode, SecretBytes kek, byte[] in) {
    return kek.use(
        wrapping -> {
          try {
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(mode, new LentKey("AES").lend(wrapping));
            return Optional.of(cipher.doFinal(in));
          } catch (IllegalBlockSizeException | BadPaddingException e) {
            return Optional.empty();
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES key wrap", e);
          }
        });
  }

  private static void requireKek(SecretBytes kek) {
    int length = kek.length();
    if (length != 16 && length != 24 && length != 32) {
      throw new IllegalArgumentException("a key that wraps has 16, 24 or 32 bytes, not " + length);
    }
  }
}
