// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag.
 *
 * <p>Works on heap arrays with one cipher a thread and purpose: a cipher for each call costs over
 * ten times as much as the encryption of a sector.
 *
 * <p>Thread safety: thread-safe; each thread has a cipher of its own.
 */
public final class SectorCipher {

  /** Length of a nonce in bytes. */
  public static final int NONCE = 12;

  /** Length of a tag in bytes. */
  public static final int TAG = 16;

  /** For sectors. */
  static final SectorCipher SECTORS = new SectorCipher();

  /** For headers: a commit needs both in turn, and a cipher expands a key that is another one. */
  static final SectorCipher HEADERS = new SectorCipher();

  private final ThreadLocal<Cipher> ciphers =
      ThreadLocal.withInitial(
          () -> {
            try {
              return Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
              throw new IllegalStateException("every Java platform has AES/GCM", e);
            }
          });

  private SectorCipher() {}

  /**
   * Encrypts; ciphertext and tag are written one after the other.
   *
   * @param key 256 bits
   * @param nonces holds the nonce
   * @param nonceOffset where
   * @param aad what is authenticated beside the content
   * @param in the clear data
   * @param inOffset where it begins
   * @param length how long it is
   * @param out room for {@code length + TAG} bytes
   * @param outOffset where they go
   */
  void encrypt(
      SecretKey key,
      byte[] nonces,
      int nonceOffset,
      byte[] aad,
      byte[] in,
      int inOffset,
      int length,
      byte[] out,
      int outOffset) {
    try {
      Cipher cipher = ciphers.get();
      cipher.init(
          Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG * 8, nonces, nonceOffset, NONCE));
      cipher.updateAAD(aad);
      cipher.doFinal(in, inOffset, length, out, outOffset);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  /**
   * Decrypts, if the tag is right.
   *
   * @param key 256 bits
   * @param nonces holds the nonce
   * @param nonceOffset where
   * @param aad what is authenticated beside the content
   * @param in ciphertext and tag, one after the other
   * @param inOffset where they begin
   * @param length how long the ciphertext is, without the tag
   * @param out room for {@code length} bytes
   * @param outOffset where they go
   * @return whether the tag was right; if not, {@code out} holds nothing of use
   */
  boolean decrypt(
      SecretKey key,
      byte[] nonces,
      int nonceOffset,
      byte[] aad,
      byte[] in,
      int inOffset,
      int length,
      byte[] out,
      int outOffset) {
    try {
      Cipher cipher = ciphers.get();
      cipher.init(
          Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG * 8, nonces, nonceOffset, NONCE));
      cipher.updateAAD(aad);
      cipher.doFinal(in, inOffset, length + TAG, out, outOffset);
      return true;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }
}
