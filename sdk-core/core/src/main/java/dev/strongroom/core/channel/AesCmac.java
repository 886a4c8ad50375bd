// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-CMAC with a key of 16 bytes (NIST SP 800-38B; RFC 4493).
 *
 * <p>CMAC is the last block of AES-CBC with a zero IV over the message, whose last block has been
 * combined with a subkey; so the platform's CBC, which has machine code, does the work.
 *
 * <p>Thread safety: confined.
 */
final class AesCmac implements AutoCloseable {

  static final int LENGTH = 16;

  private static final int BLOCK = 16;
  private static final int REDUCTION = 0x87;

  private final Cipher cbc;
  private final byte[] whole;
  private final byte[] partial;

  /**
   * Takes a key.
   *
   * @param keys where it lies; not kept
   * @param offset where it begins
   */
  AesCmac(byte[] keys, int offset) {
    SecretKeySpec key = new SecretKeySpec(keys, offset, LENGTH, "AES");
    try {
      cbc = Cipher.getInstance("AES/CBC/NoPadding");
      cbc.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(new byte[BLOCK]));
      byte[] zero = cbc.doFinal(new byte[BLOCK]);
      whole = doubled(zero);
      partial = doubled(whole);
      Arrays.fill(zero, (byte) 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-CBC", e);
    }
  }

  /** Room for a message of so many bytes, to be filled and handed to {@link #mac}. */
  static ByteBuffer message(int length) {
    return ByteBuffer.allocate(Math.max(1, (length + BLOCK - 1) / BLOCK) * BLOCK);
  }

  /**
   * The MAC, 16 bytes.
   *
   * @param message a buffer of {@link #message}, filled to within its last block; zeroed
   */
  @SuppressWarnings("ByteBufferBackingArray") // the array of message() begins with it
  byte[] mac(ByteBuffer message) {
    byte[] work = message.array();
    int length = message.position();
    byte[] subkey = whole;
    if (length < work.length) {
      work[length] = (byte) 0x80;
      subkey = partial;
    }
    int last = work.length - BLOCK;
    for (int i = 0; i < BLOCK; i++) {
      work[last + i] ^= subkey[i];
    }
    try {
      cbc.doFinal(work, 0, work.length, work, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-CBC takes whole blocks", e);
    }
    byte[] mac = Arrays.copyOfRange(work, last, work.length);
    Arrays.fill(work, (byte) 0);
    return mac;
  }

  /** Zeroes the subkeys. */
  @Override
  public void close() {
    Arrays.fill(whole, (byte) 0);
    Arrays.fill(partial, (byte) 0);
  }

  /** Multiplies by x in the field of 2^128 elements, without a branch on the secret. */
  private static byte[] doubled(byte[] block) {
    byte[] twice = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      int next = i + 1 < BLOCK ? (block[i + 1] & 0xFF) >>> 7 : 0;
      twice[i] = (byte) (block[i] << 1 | next);
    }
    twice[BLOCK - 1] ^= (byte) (REDUCTION & -((block[0] & 0xFF) >>> 7));
    return twice;
  }
}
