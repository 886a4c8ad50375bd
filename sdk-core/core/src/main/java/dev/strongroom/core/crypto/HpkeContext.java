// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * An encryption context of HPKE (RFC 9180, 5.2 and 5.3), made by {@link Hpke}. Messages are sealed
 * by the one side and opened by the other in the same order.
 *
 * <p>Thread safety: thread-safe; messages go one at a time.
 */
public final class HpkeContext implements AutoCloseable {

  /** Most bytes of one exported secret, 255 times Nh. */
  public static final int MAX_EXPORT_LENGTH = 255 * LabeledHkdf.HASH_LENGTH;

  private final LabeledHkdf hkdf;
  private final byte @Nullable [] key;
  private final byte[] baseNonce;
  private final byte[] exporterSecret;
  private long sequence; // guarded by this
  private boolean closed; // guarded by this

  /** Takes the arrays over; without a key the context exports only. */
  HpkeContext(LabeledHkdf hkdf, byte @Nullable [] key, byte[] baseNonce, byte[] exporterSecret) {
    this.hkdf = hkdf;
    this.key = key;
    this.baseNonce = baseNonce;
    this.exporterSecret = exporterSecret;
  }

  /**
   * Context.Seal.
   *
   * @param aad authenticated, not sent
   * @param plaintext the message
   * @return ciphertext and tag, 16 bytes longer than the message
   * @throws IllegalStateException if the context only exports, or is closed
   */
  public synchronized byte[] seal(byte[] aad, byte[] plaintext) {
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, aad).doFinal(plaintext);
      sequence++;
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM", e);
    }
  }

  /**
   * Context.Open. A message that does not open leaves the context as it is.
   *
   * @param aad as given to seal
   * @param ciphertext ciphertext and tag
   * @return the message
   * @throws AEADBadTagException if it is not the message that was sealed, or not the next one
   * @throws IllegalStateException if the context only exports, or is closed
   */
  public synchronized SecretBytes open(byte[] aad, byte[] ciphertext) throws AEADBadTagException {
    if (ciphertext.length < Hpke.Aead.TAG_LENGTH) {
      throw new AEADBadTagException("the ciphertext is shorter than its tag");
    }
    try {
      SecretBytes plaintext =
          SecretBytes.adopt(cipher(Cipher.DECRYPT_MODE, aad).doFinal(ciphertext));
      sequence++;
      return plaintext;
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM", e);
    }
  }

  /**
   * Context.Export.
   *
   * @param exporterContext what the secret is for
   * @param length 1 to {@value #MAX_EXPORT_LENGTH}
   * @return a secret that the other side exports too
   */
  public synchronized SecretBytes export(byte[] exporterContext, int length) {
    requireOpen();
    if (length < 1 || length > MAX_EXPORT_LENGTH) {
      throw new IllegalArgumentException("1 to 8160 exported bytes, not " + length);
    }
    return SecretBytes.adopt(hkdf.expand(exporterSecret, "sec", length, exporterContext));
  }

  /** Zeroes the keys. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(exporterSecret, (byte) 0);
    Arrays.fill(baseNonce, (byte) 0);
    if (key != null) {
      Arrays.fill(key, (byte) 0);
    }
  }

  private Cipher cipher(int mode, byte[] aad) throws GeneralSecurityException {
    requireOpen();
    if (key == null) {
      throw new IllegalStateException("this context only exports secrets");
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new LentKey("AES").lend(key),
        new GCMParameterSpec(8 * Hpke.Aead.TAG_LENGTH, nonce()));
    cipher.updateAAD(aad);
    return cipher;
  }

  /** ComputeNonce. */
  private byte[] nonce() {
    byte[] nonce = baseNonce.clone();
    for (int i = 0; i < Long.BYTES; i++) {
      nonce[nonce.length - 1 - i] ^= (byte) (sequence >>> (8 * i));
    }
    return nonce;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the HPKE context is closed");
    }
  }
}
