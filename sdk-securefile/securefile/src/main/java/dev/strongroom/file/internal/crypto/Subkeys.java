// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

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

  static byte[] derive(byte[] secret, String label) {
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    byte[] info = (PREFIX + label).getBytes(StandardCharsets.US_ASCII);
    hkdf.init(new HKDFParameters(secret, null, info));
    byte[] key = new byte[LENGTH];
    hkdf.generateBytes(key, 0, LENGTH);
    return key;
  }
}
