// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.LentKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-GCM (NIST SP 800-38D) under one key, with IVs of 96 random bits (8.2.2). A text is IV 12 |
 * ciphertext | tag 16.
 *
 * <p>IVs are drawn many at a time, and thrown away when they are a second old: copies of a running
 * process have no more in common than those of its random generator.
 *
 * <p>Thread safety: confined to the thread that has taken it.
 */
public final class GcmKey implements PreparedKey {

  /** Length of an IV in bytes. */
  public static final int IV_LENGTH = 12;

  /** Length of a tag in bytes. */
  public static final int TAG_LENGTH = 16;

  /** How many bytes a text gets longer. */
  public static final int OVERHEAD = IV_LENGTH + TAG_LENGTH;

  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final int TAG_BITS = 8 * TAG_LENGTH;
  private static final int BLOCK = 16;
  private static final long IV_LIFE = Duration.ofSeconds(1).toNanos();

  private final RandomSource random;
  private final Cipher cipher;
  private final LentKey key;
  private final byte[] value;
  private final byte[] ivs = new byte[32 * IV_LENGTH];
  private int used = ivs.length;
  private long drawnAt;

  /** Where random bytes come from, asked for each time: it may be another one in each thread. */
  @FunctionalInterface
  public interface RandomSource {

    /**
     * The generator of the calling thread.
     *
     * @return it
     */
    SecureRandom get();
  }

  GcmKey(SecretBytes value, RandomSource random) {
    this.random = random;
    this.value = value.use(byte[]::clone);
    this.key = new LentKey("AES").lend(this.value);
    try {
      this.cipher = Cipher.getInstance(ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw platform(e);
    }
  }

  /**
   * Encrypts a text.
   *
   * @param aad authenticated with it
   * @param text the text
   * @param target gets IV, ciphertext and tag, {@value #OVERHEAD} bytes more
   */
  public void encrypt(ByteBuffer aad, ByteBuffer text, ByteBuffer target) {
    GCMParameterSpec parameters = drawIv(target);
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
      cipher.updateAAD(aad);
      cipher.doFinal(text, target);
    } catch (GeneralSecurityException e) {
      throw platform(e);
    }
  }

  private GCMParameterSpec drawIv(ByteBuffer target) {
    if (used == ivs.length || System.nanoTime() - drawnAt > IV_LIFE) {
      random.get().nextBytes(ivs);
      used = 0;
      drawnAt = System.nanoTime();
    }
    target.put(ivs, used, IV_LENGTH);
    used += IV_LENGTH;
    return new GCMParameterSpec(TAG_BITS, ivs, used - IV_LENGTH, IV_LENGTH);
  }

  /**
   * Decrypts a text.
   *
   * @param aad authenticated with it
   * @param text IV, ciphertext and tag, at least {@value #OVERHEAD} bytes
   * @param target gets the text, {@value #OVERHEAD} bytes less
   * @return false if the tag is not right; then there is nothing of the text in the target
   */
  public boolean decrypt(ByteBuffer aad, ByteBuffer text, ByteBuffer target) {
    byte[] iv = new byte[IV_LENGTH];
    text.get(iv);
    int begin = target.position();
    int length = text.remaining() - TAG_LENGTH;
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, iv));
      cipher.updateAAD(aad);
      cipher.doFinal(text, target);
      return true;
    } catch (AEADBadTagException e) {
      for (int i = 0; i < length; i++) {
        target.put(begin + i, (byte) 0);
      }
      return false;
    } catch (GeneralSecurityException e) {
      throw platform(e);
    }
  }

  @Override
  public void forget() {
    Arrays.fill(value, (byte) 0);
    Arrays.fill(ivs, (byte) 0);
    used = ivs.length;
    try {
      // The platform keeps the last key, which is now another one.
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(new byte[BLOCK], "AES"),
          new GCMParameterSpec(TAG_BITS, ivs, 0, IV_LENGTH));
    } catch (GeneralSecurityException e) {
      throw platform(e);
    }
  }

  static IllegalStateException platform(GeneralSecurityException e) {
    return new IllegalStateException("every Java platform has this algorithm", e);
  }
}
