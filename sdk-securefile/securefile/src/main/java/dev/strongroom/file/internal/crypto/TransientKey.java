// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The file key FK of a transient file, 32 bytes: from it come all keys of the file, and it is what
 * is wrapped for each recipient, by AES Key Wrap (RFC 3394).
 *
 * <p>Thread safety: thread-safe as long as nobody uses it while it is closed.
 */
public final class TransientKey implements AutoCloseable {

  /** Length of the key in bytes. */
  public static final int LENGTH = 32;

  /** Length of the wrapped key in bytes. */
  public static final int WRAPPED = LENGTH + 8;

  private static final SecureRandom HOST = new SecureRandom();

  private final SecretBytes content;

  private TransientKey(SecretBytes content) {
    this.content = content;
  }

  /**
   * Draws a new key: HMAC(32 bytes of the host, 32 bytes of the element).
   *
   * @param elementRandomness 32 bytes of the element's random generator, which stay the caller's
   * @return the key
   */
  public static TransientKey draw(byte[] elementRandomness) {
    byte[] host = new byte[LENGTH];
    HOST.nextBytes(host);
    try {
      return new TransientKey(SecretBytes.adopt(MacKey.once(host, elementRandomness)));
    } finally {
      Arrays.fill(host, (byte) 0);
    }
  }

  /**
   * Takes a known key, for vectors.
   *
   * @param content {@value #LENGTH} bytes, which stay the caller's
   * @return the key
   */
  public static TransientKey of(byte[] content) {
    return new TransientKey(SecretBytes.copyOf(content));
  }

  /**
   * Unwraps the key.
   *
   * @param kek the key that it was wrapped under, 32 bytes
   * @param wrapped {@value #WRAPPED} bytes
   * @return the key, or null if it was wrapped under another one or altered
   */
  public static @Nullable TransientKey unwrap(SecretBytes kek, Bytes wrapped) {
    return AesKeyWrap.unwrap(kek, wrapped).map(TransientKey::new).orElse(null);
  }

  /**
   * Wraps the key.
   *
   * @param kek the key to wrap it under, 32 bytes
   * @return {@value #WRAPPED} bytes
   */
  public Bytes wrap(SecretBytes kek) {
    return AesKeyWrap.wrap(kek, content);
  }

  /**
   * The key of the prelude's MAC.
   *
   * @return the key, which the caller closes
   */
  public MacKey preludeMac() {
    return content.use(key -> new MacKey(Subkeys.derive(key, "prelude")));
  }

  /**
   * The keys of the image.
   *
   * @param transientId the file's one-time id, in the place of a volume's
   * @param uid the image's UID
   * @param rnd its RND
   * @param randomness 32 bytes of the element's random generator, which stay the caller's
   * @return the keys, which the caller closes
   */
  public FileKeys fileKeys(Bytes transientId, Bytes uid, Bytes rnd, SecretBytes randomness) {
    GrubRequest request = GrubRequest.existing(uid, rnd, 0);
    try (Grub pair = Grub.of(content, transientId, request, randomness)) {
      return FileKeys.of(pair);
    }
  }

  @Override
  public void close() {
    content.close();
  }
}
