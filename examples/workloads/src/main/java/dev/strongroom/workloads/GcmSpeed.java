// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * How fast this JVM encrypts and decrypts 4 KiB with AES-256-GCM: heap arrays, one cipher object
 * used again and again, a fresh nonce and 32 bytes of associated data each. Processor time of one
 * thread; the limit of everything that encrypts sectors.
 *
 * @param encrypt MiB a second
 * @param decrypt MiB a second
 *     <p>Thread safety: immutable.
 */
public record GcmSpeed(double encrypt, double decrypt) {

  private static final int ROUND = 4096;
  private static final int SECTOR = Content.SECTOR;
  private static final int TAG_BYTES = 16;
  private static final int AAD_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int KEY_BYTES = 32;
  private static final double MEBIBYTE = 1 << 20;

  /**
   * Measures, after warming up; the fastest rounds count.
   *
   * @param rounds how many, of 16 MiB each way
   * @return the speeds
   */
  public static GcmSpeed measure(int rounds) {
    try {
      byte[] key = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(key);
      SecretKeySpec secret = new SecretKeySpec(key, "AES");
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      double encrypt = 0;
      double decrypt = 0;
      for (int round = 0; round <= rounds; round++) {
        byte[] nonces = new byte[NONCE_BYTES];
        nonces[0] = (byte) round;
        nonces[1] = (byte) (round >> 8);
        double in = run(cipher, secret, Cipher.ENCRYPT_MODE, nonces);
        double out = run(cipher, secret, Cipher.DECRYPT_MODE, nonces);
        encrypt = Math.max(encrypt, round == 0 ? 0 : in);
        decrypt = Math.max(decrypt, round == 0 ? 0 : out);
      }
      return new GcmSpeed(encrypt, decrypt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  private static double run(Cipher cipher, SecretKeySpec key, int mode, byte[] nonce)
      throws GeneralSecurityException {
    byte[] aad = new byte[AAD_BYTES];
    byte[] clear = new byte[SECTOR];
    byte[] sealed = new byte[SECTOR + TAG_BYTES];
    if (mode == Cipher.DECRYPT_MODE) {
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, last(nonce)));
      cipher.updateAAD(aad);
      cipher.doFinal(clear, 0, SECTOR, sealed, 0);
    }
    long start = ProcessorTime.ofThread();
    for (int i = 0; i < ROUND; i++) {
      if (mode == Cipher.ENCRYPT_MODE) {
        nonce[8] = (byte) i;
        nonce[9] = (byte) (i >> 8);
      }
      cipher.init(
          mode,
          key,
          new GCMParameterSpec(8 * TAG_BYTES, mode == Cipher.ENCRYPT_MODE ? nonce : last(nonce)));
      cipher.updateAAD(aad);
      if (mode == Cipher.ENCRYPT_MODE) {
        cipher.doFinal(clear, 0, SECTOR, sealed, 0);
      } else {
        cipher.doFinal(sealed, 0, SECTOR + TAG_BYTES, clear, 0);
      }
    }
    long nanos = Math.max(1, ProcessorTime.ofThread() - start);
    return ROUND * (SECTOR / MEBIBYTE) / (nanos / 1e9);
  }

  /** A nonce that no encryption of the round uses. */
  private static byte[] last(byte[] nonce) {
    byte[] last = nonce.clone();
    Arrays.fill(last, 8, NONCE_BYTES, (byte) 0xFF);
    return last;
  }
}
