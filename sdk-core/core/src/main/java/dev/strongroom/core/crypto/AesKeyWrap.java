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
 * AES key wrap with a key of 256 bits (NIST SP 800-38F, 6.2, KW; RFC 3394): a key of n bytes, a
 * multiple of 8 and at least 16, becomes n + {@value #OVERHEAD} bytes that unwrap under the same
 * key only.
 *
 * <p>Thread safety: stateless.
 */
public final class AesKeyWrap {

  /** How many bytes a wrapped key is longer. */
  public static final int OVERHEAD = 8;

  private static final String ALGORITHM = "AES/KW/NoPadding";
  private static final int KEY_LENGTH = 32;
  private static final int BLOCK = 8;

  private AesKeyWrap() {}

  /**
   * Wraps a key.
   *
   * @param kek the key that wraps, 32 bytes
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
    return key.use(content -> Bytes.copyOf(crypt(Cipher.ENCRYPT_MODE, kek, content).orElseThrow()));
  }

  /**
   * Unwraps a key.
   *
   * @param kek the key that wraps, 32 bytes
   * @param wrapped the wrapped key
   * @return the key, which the caller closes, or empty if it was not wrapped under this one
   * @throws IllegalArgumentException if the key that wraps has another length
   */
  public static Optional<SecretBytes> unwrap(SecretBytes kek, Bytes wrapped) {
    requireKek(kek);
    if (wrapped.length() < 3 * BLOCK || wrapped.length() % BLOCK != 0) {
      return Optional.empty();
    }
    return crypt(Cipher.DECRYPT_MODE, kek, wrapped.toByteArray()).map(SecretBytes::adopt);
  }

  /** Without the classes of the JDK for wrapped keys, which keep copies of them. */
  private static Optional<byte[]> crypt(int mode, SecretBytes kek, byte[] in) {
    return kek.use(
        wrapping -> {
          try {
            Cipher cipher = Cipher.getInstance(ALGORITHM);
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
    if (kek.length() != KEY_LENGTH) {
      throw new IllegalArgumentException("a key that wraps has 32 bytes, not " + kek.length());
    }
  }
}
