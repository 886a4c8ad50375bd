// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256, where no key is needed.
 *
 * <p>Thread safety: stateless.
 */
final class Digests {

  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static Bytes of(Bytes... parts) {
    MessageDigest digest = sha256();
    for (Bytes part : parts) {
      digest.update(part.toByteArray());
    }
    return Bytes.copyOf(digest.digest());
  }
}
