// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementDamagedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals pages and opens them, with AES-256-GCM (NIST SP 800-38D) and a drawn nonce.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class PageCipher {

  static final int PAGE_LENGTH = Capacity.PLACE_LENGTH;
  static final int HEADER_LENGTH = 96;
  static final int BODY_LENGTH = PAGE_LENGTH - HEADER_LENGTH;
  static final int TAG_LENGTH = 16;

  /** What a page is, by the byte in its header. */
  enum Kind {
    RECORDS(0, "page of records"),
    TABLE(1, "table of pages"),
    PENDING(2, "page of pending records");

    private final byte code;
    private final String text;

    Kind(int code, String text) {
      this.code = (byte) code;
      this.text = text;
    }

    byte code() {
      return code;
    }
  }

  private static final byte[] MAGIC = "STRGPAGE".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PURPOSE = "element page 1".getBytes(StandardCharsets.US_ASCII);
  private static final int AUTHENTICATED_LENGTH = 24;
  private static final int NAMED_LENGTH = 16;
  private static final int NONCE_AT = 24;
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_AT = 36;
  private static final int ZERO_AT = 52;

  private final Cipher cipher;
  private final SecretKeySpec key;
  private final byte[] serialNumber;
  private final SecureRandom random;

  /**
   * For the pages of one element.
   *
   * @param key 32 bytes, copied
   * @param serialNumber the element's
   * @param random draws the nonces
   */
  public PageCipher(byte[] key, Bytes serialNumber, SecureRandom random) {
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM", e);
    }
    this.key = new SecretKeySpec(key, "AES");
    this.serialNumber = serialNumber.toByteArray();
    this.random = random;
  }

  /** A page as it stands in its place. */
  byte[] seal(Kind kind, int number, long generation, byte[] body) {
    byte[] page = new byte[PAGE_LENGTH];
    ByteBuffer.wrap(page).put(begin(kind, number)).putLong(generation);
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    System.arraycopy(nonce, 0, page, NONCE_AT, NONCE_LENGTH);
    try {
      init(Cipher.ENCRYPT_MODE, page, 0);
      byte[] sealed = cipher.doFinal(body, 0, BODY_LENGTH);
      System.arraycopy(sealed, 0, page, HEADER_LENGTH, BODY_LENGTH);
      System.arraycopy(sealed, BODY_LENGTH, page, TAG_AT, TAG_LENGTH);
      return page;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/GCM takes a drawn nonce", e);
    }
  }

  static Bytes tag(byte[] page) {
    return Bytes.copyOf(page, TAG_AT, TAG_LENGTH);
  }

  /**
   * The body of a page, which the caller zeroes.
   *
   * @param from where the page begins in the array
   */
  byte[] open(Kind kind, int number, Bytes tag, byte[] pages, int from)
      throws ElementDamagedException {
    byte[] begin = begin(kind, number);
    boolean zero =
        RecordChange.isZero(pages, from + ZERO_AT, from + HEADER_LENGTH)
            && Arrays.equals(begin, 0, NAMED_LENGTH, pages, from, from + NAMED_LENGTH);
    if (!zero || !tag.equals(Bytes.copyOf(pages, from + TAG_AT, TAG_LENGTH))) {
      throw damaged(kind, number, null);
    }
    byte[] sealed =
        Arrays.copyOfRange(pages, from + HEADER_LENGTH, from + PAGE_LENGTH + TAG_LENGTH);
    tag.copyTo(sealed, BODY_LENGTH);
    try {
      init(Cipher.DECRYPT_MODE, pages, from);
      return cipher.doFinal(sealed);
    } catch (GeneralSecurityException e) {
      throw damaged(kind, number, e);
    }
  }

  private static ElementDamagedException damaged(Kind kind, int number, @Nullable Exception cause) {
    return new ElementDamagedException(
        kind.text + " " + number + " of its key memory is not the one that belongs there", cause);
  }

  private static byte[] begin(Kind kind, int number) {
    return ByteBuffer.allocate(NAMED_LENGTH)
        .put(MAGIC)
        .put(kind.code())
        .put(new byte[3])
        .putInt(number)
        .array();
  }

  private void init(int mode, byte[] pages, int from) throws GeneralSecurityException {
    cipher.init(
        mode, key, new GCMParameterSpec(8 * TAG_LENGTH, pages, from + NONCE_AT, NONCE_LENGTH));
    cipher.updateAAD(PURPOSE);
    cipher.updateAAD(serialNumber);
    cipher.updateAAD(pages, from, AUTHENTICATED_LENGTH);
  }
}
