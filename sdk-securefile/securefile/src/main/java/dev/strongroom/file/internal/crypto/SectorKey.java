// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import dev.strongroom.core.SecretBytes;
import java.security.SecureRandom;

/**
 * A key under which sectors are encrypted: of a file's content, or of one of its crypto pages.
 *
 * <p>Thread safety: thread-safe as long as nobody uses it while it is closed.
 */
public final class SectorKey implements AutoCloseable {

  static final String LABEL = "content";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final AesKey key;

  SectorKey(byte[] key) {
    this.key = new AesKey(key);
  }

  /**
   * Draws a key for what does not outlive it.
   *
   * @return the key
   */
  public static SectorKey drawn() {
    byte[] key = new byte[AesKey.LENGTH];
    RANDOM.nextBytes(key);
    return new SectorKey(key);
  }

  /**
   * Derives the key of a crypto page; the element's answer can be closed afterwards.
   *
   * @param enc EncGrub of the page, or of the file
   * @return the key
   */
  public static SectorKey of(SecretBytes enc) {
    return enc.use(secret -> new SectorKey(Subkeys.derive(secret, LABEL)));
  }

  /**
   * Encrypts a sector.
   *
   * @param entry holds the nonce, takes the tag behind it
   * @param entryOffset where the entry begins
   * @param aad the sector's context
   * @param clear holds the clear sector
   * @param clearOffset where it begins
   * @param length how long it is
   * @param out takes the ciphertext; needs {@link SectorCipher#TAG} bytes more as scratch
   * @param outOffset where
   */
  public void encryptSector(
      byte[] entry,
      int entryOffset,
      byte[] aad,
      byte[] clear,
      int clearOffset,
      int length,
      byte[] out,
      int outOffset) {
    SectorCipher.SECTORS.encrypt(
        key, entry, entryOffset, aad, clear, clearOffset, length, out, outOffset);
    System.arraycopy(
        out, outOffset + length, entry, entryOffset + SectorCipher.NONCE, SectorCipher.TAG);
  }

  /**
   * Decrypts a sector.
   *
   * @param entry holds nonce and tag
   * @param entryOffset where the entry begins
   * @param aad the sector's context
   * @param in the ciphertext; the {@link SectorCipher#TAG} bytes behind it are overwritten
   * @param inOffset where it begins
   * @param clear takes the clear sector
   * @param clearOffset where
   * @param length how long it is
   * @return whether it is authentic; if not, its room holds zeros or what it held before
   */
  public boolean decryptSector(
      byte[] entry,
      int entryOffset,
      byte[] aad,
      byte[] in,
      int inOffset,
      byte[] clear,
      int clearOffset,
      int length) {
    System.arraycopy(
        entry, entryOffset + SectorCipher.NONCE, in, inOffset + length, SectorCipher.TAG);
    return SectorCipher.SECTORS.decrypt(
        key, entry, entryOffset, aad, in, inOffset, length, clear, clearOffset);
  }

  /** Zeroes the key. */
  @Override
  public void close() {
    key.destroy();
  }
}
