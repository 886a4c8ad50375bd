// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.envelope;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.LentKey;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.EnvelopeDamagedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Segments under a key that is derived from a data key for one envelope: AES-256-GCM (NIST SP
 * 800-38D), whose IV is the counter u64 | 000000 | place u8. As no key serves two envelopes, no IV
 * comes twice. {@code docs/spec/envelope.md}, 4.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
public final class DataKeySegments implements SegmentCipher {

  /** Length of a commitment in bytes. */
  public static final int COMMITMENT_LENGTH = 32;

  /**
   * What a data key of an envelope is for, as the element is told.
   *
   * @return the context of its wrapped form
   */
  public static byte[] label() {
    return LABEL.clone();
  }

  private static final byte[] LABEL = "Strongroom envelope\0".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_LENGTH = 32;
  private static final int IV_LENGTH = 12;
  private static final int TAG_LENGTH = 16;

  private final KeyId id;
  private final byte[] key;
  private final byte[] commitment;
  private final Cipher cipher;
  private final LentKey lent = new LentKey("AES");

  /**
   * Derives the keys of an envelope.
   *
   * @param id the key that has wrapped the data key, for errors
   * @param dataKey 32 bytes, which stays the caller's
   * @param binding of the envelope, which has a salt
   */
  public DataKeySegments(KeyId id, SecretBytes dataKey, byte[] binding) {
    this.id = id;
    byte[] derived =
        dataKey.use(
            bytes -> {
              LentKey master = new LentKey("HmacSHA512");
              try {
                Mac mac = Mac.getInstance("HmacSHA512");
                mac.init(master.lend(bytes));
                mac.update(LABEL);
                return mac.doFinal(binding);
              } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has HmacSHA512", e);
              } finally {
                master.takeBack();
              }
            });
    key = Arrays.copyOf(derived, KEY_LENGTH);
    commitment = Arrays.copyOfRange(derived, KEY_LENGTH, KEY_LENGTH + COMMITMENT_LENGTH);
    Arrays.fill(derived, (byte) 0);
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * What stands in front of the segments, and only the right data key gives.
   *
   * @return {@value #COMMITMENT_LENGTH} bytes, no secret
   */
  public byte[] commitment() {
    return commitment.clone();
  }

  @Override
  public int overhead() {
    return TAG_LENGTH;
  }

  @Override
  public void seal(long counter, Place place, ByteBuffer text, ByteBuffer target) {
    try {
      init(Cipher.ENCRYPT_MODE, counter, place);
      cipher.doFinal(text, target);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM does not take a segment", e);
    }
  }

  @Override
  public void open(long counter, Place place, ByteBuffer sealed, ByteBuffer target)
      throws EnvelopeDamagedException {
    try {
      init(Cipher.DECRYPT_MODE, counter, place);
      cipher.doFinal(sealed, target);
    } catch (AEADBadTagException e) {
      throw new EnvelopeDamagedException(id, counter, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM does not take a segment", e);
    }
  }

  private void init(int mode, long counter, Place place) throws GeneralSecurityException {
    byte[] iv = new byte[IV_LENGTH];
    ByteBuffer.wrap(iv).putLong(counter);
    iv[IV_LENGTH - 1] = place.flag();
    try {
      cipher.init(mode, lent.lend(key), new GCMParameterSpec(TAG_LENGTH * 8, iv));
    } finally {
      lent.takeBack();
    }
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }
}
