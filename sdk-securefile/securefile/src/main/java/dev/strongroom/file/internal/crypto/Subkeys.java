// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Derives the keys for one purpose each from EncGrub or SigGrub: HKDF with SHA-256 (RFC 5869), no
 * salt, the label as info, 32 bytes.
 *
 * <p>Thread safety: stateless.
 */
final class Subkeys {

  static final int LENGTH = 32;

  private static final String PREFIX = "strongroom v1 ";

  private Subkeys() {}

  /** The key from which {@link #expand} derives, HKDF-Extract of a secret. */
  static MacKey extract(byte[] secret) {
    try (MacKey noSalt = new MacKey(new byte[LENGTH])) {
      return new MacKey(noSalt.mac(secret, 0, secret.length));
    }
  }

  /** One key, HKDF-Expand; a single block of it, since a key is as long as the hash. */
  static byte[] expand(MacKey extracted, String label) {
    byte[] text = (PREFIX + label).getBytes(StandardCharsets.US_ASCII);
    byte[] info = Arrays.copyOf(text, text.length + 1);
    info[text.length] = 1;
    return extracted.mac(info, 0, info.length);
  }

  static byte[] derive(byte[] secret, String label) {
    try (MacKey extracted = extract(secret)) {
      return expand(extracted, label);
    }
  }
}
