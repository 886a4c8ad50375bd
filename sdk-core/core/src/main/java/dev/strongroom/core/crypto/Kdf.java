// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * Key derivation in counter mode with HMAC-SHA256 and one block of output (NIST SP 800-108r1, 4.1).
 *
 * <p>The fixed input of a file's or page's key, 88 bytes, big-endian: counter u32 = 1, label 16,
 * version u8 = 1, scope u8, zero u16, volume 16, UID 16, RND 16, epoch u32, page u64, output bits
 * u32 = 256. The label, in ASCII, has at least one zero byte behind it. Byte table: {@code
 * docs/spec/element-protocol.md}, section "Key derivation".
 *
 * <p>Thread safety: confined; {@link #current()} gives each thread its own, under one key at a
 * time.
 */
public final class Kdf {

  /** Length of a derived key in bytes. */
  public static final int KEY_LENGTH = 32;

  /** Which of the two keys of a file. */
  public enum Half {
    /** EncGrub, for encryption. */
    ENC,
    /** SigGrub, for authentication. */
    SIG
  }

  private static final byte[] ENC_GRUB = label("EncGrub");
  private static final byte[] SIG_GRUB = label("SigGrub");
  private static final int SCOPE_FILE = 0;
  private static final int SCOPE_PAGE = 1;
  // Page index of a file's keys, which no page has.
  private static final long NO_PAGE = -1L;
  private static final int LABEL_LENGTH = 16;
  private static final int VERSION = 1;
  private static final int OUTPUT_BITS = 256;
  private static final ThreadLocal<Kdf> CURRENT = ThreadLocal.withInitial(Kdf::new);

  private final Mac mac;
  private final ByteBuffer input = ByteBuffer.allocate(88);
  private final LentKey key = new LentKey("HmacSHA256");

  private Kdf() {
    try {
      mac = Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /**
   * The calling thread's own.
   *
   * @return it, under no key yet
   */
  public static Kdf current() {
    return CURRENT.get();
  }

  /**
   * Takes the key of the derivations that follow; {@link #forget} ends them.
   *
   * @param content the key, which stays the caller's
   * @return this
   */
  public Kdf under(byte[] content) {
    init(key.lend(content));
    return this;
  }

  private void init(LentKey lent) {
    try {
      mac.init(lent);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 takes a key of any length", e);
    } finally {
      key.takeBack();
    }
  }

  /** Overwrites what the algorithm keeps of the key. */
  public void forget() {
    init(key.takeBack());
  }

  /**
   * One key of a file.
   *
   * @param half which of the two
   * @param volume the volume's id, 16 bytes
   * @param uid the file's UID, 16 bytes
   * @param rnd its RND, 16 bytes
   * @param epoch its key epoch, an unsigned 32-bit number
   * @return {@value #KEY_LENGTH} bytes, which the caller zeroes
   */
  public byte[] file(Half half, Bytes volume, Bytes uid, Bytes rnd, int epoch) {
    return derive(half, SCOPE_FILE, volume, uid, rnd, epoch, NO_PAGE);
  }

  /**
   * EncGrub of one crypto page; a page has no SigGrub.
   *
   * @param volume the volume's id, 16 bytes
   * @param uid the file's UID, 16 bytes
   * @param rnd its RND, 16 bytes
   * @param epoch its key epoch, an unsigned 32-bit number
   * @param page index of the page, from 0
   * @return {@value #KEY_LENGTH} bytes, which the caller zeroes
   */
  public byte[] page(Bytes volume, Bytes uid, Bytes rnd, int epoch, long page) {
    return derive(Half.ENC, SCOPE_PAGE, volume, uid, rnd, epoch, page);
  }

  private byte[] derive(
      Half half, int scope, Bytes volume, Bytes uid, Bytes rnd, int epoch, long page) {
    input.clear();
    input.putInt(1).put(half == Half.ENC ? ENC_GRUB : SIG_GRUB);
    input.put((byte) VERSION).put((byte) scope).putShort((short) 0);
    volume.copyTo(input.array(), 24);
    uid.copyTo(input.array(), 40);
    rnd.copyTo(input.array(), 56);
    input.position(72);
    input.putInt(epoch).putLong(page).putInt(OUTPUT_BITS);
    return mac.doFinal(input.array());
  }

  /**
   * A subkey by its label alone: counter u32 = 1, label 16, output bits u32 = 256.
   *
   * @param label at most 15 characters of ASCII
   * @return {@value #KEY_LENGTH} bytes, which the caller zeroes
   */
  public byte[] derive(String label) {
    mac.update(
        ByteBuffer.allocate(4 + LABEL_LENGTH + 4)
            .putInt(1)
            .put(label(label))
            .putInt(OUTPUT_BITS)
            .flip());
    return mac.doFinal();
  }

  /**
   * The plain HMAC of a message.
   *
   * @param message all of it
   * @return 32 bytes
   */
  public byte[] authenticate(byte[] message) {
    return mac.doFinal(message);
  }

  private static byte[] label(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    if (ascii.length >= LABEL_LENGTH) {
      throw new IllegalArgumentException("a label has at most 15 characters: " + text);
    }
    return Arrays.copyOf(ascii, LABEL_LENGTH);
  }
}
