// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * LabeledExtract and LabeledExpand of HPKE (RFC 9180, 4) on HKDF with SHA-256 (RFC 5869).
 *
 * <p>Thread safety: confined.
 */
final class LabeledHkdf {

  /** Nh of HKDF-SHA256. */
  static final int HASH_LENGTH = 32;

  private static final byte[] VERSION = "HPKE-v1".getBytes(StandardCharsets.US_ASCII);

  private final byte[] suiteId;
  private final Mac mac;
  private final LentKey key = new LentKey("HmacSHA256");

  LabeledHkdf(byte[] suiteId) {
    this.suiteId = suiteId;
    try {
      this.mac = Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** LabeledExtract. */
  byte[] extract(byte[] salt, String label, byte[] ikm) {
    begin(salt);
    mac.update(VERSION);
    mac.update(suiteId);
    mac.update(label.getBytes(StandardCharsets.US_ASCII));
    byte[] prk = mac.doFinal(ikm);
    init(key.takeBack());
    return prk;
  }

  /** LabeledExpand; the info is all of the parts, one after the other. */
  byte[] expand(byte[] prk, String label, int length, byte[]... info) {
    byte[] out = new byte[length];
    byte[] block = {};
    begin(prk);
    for (int done = 0, counter = 1; done < length; done += HASH_LENGTH, counter++) {
      mac.update(block);
      mac.update((byte) (length >>> 8));
      mac.update((byte) length);
      mac.update(VERSION);
      mac.update(suiteId);
      mac.update(label.getBytes(StandardCharsets.US_ASCII));
      for (byte[] part : info) {
        mac.update(part);
      }
      mac.update((byte) counter);
      Arrays.fill(block, (byte) 0);
      block = mac.doFinal();
      System.arraycopy(block, 0, out, done, Math.min(HASH_LENGTH, length - done));
    }
    Arrays.fill(block, (byte) 0);
    init(key.takeBack());
    return out;
  }

  private void begin(byte[] content) {
    // An empty salt is as long as the hash and zero, RFC 5869, 2.2.
    init(key.lend(content.length == 0 ? new byte[HASH_LENGTH] : content));
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
}
