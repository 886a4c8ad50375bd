// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import java.nio.ByteBuffer;

/** Keys and ids that are the same in every run, so that inputs stay what they are. */
final class FixedKeys {

  static final Bytes VOLUME = run(0x40, 16);
  static final Bytes UID = run(0x50, 16);
  static final Bytes RND = run(0x60, 16);
  static final FileKeys FILE = FileKeys.of(grub());
  static final VolumeKeys OF_VOLUME = VolumeKeys.of(grub());

  private static long nonces;

  private FixedKeys() {}

  /** Ascending bytes. */
  static Bytes run(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return Bytes.copyOf(bytes);
  }

  /** The JDK refuses to encrypt twice under one nonce. */
  static synchronized byte[] nonce() {
    return ByteBuffer.allocate(SectorCipher.NONCE).putInt(7).putLong(++nonces).array();
  }

  private static Grub grub() {
    return new Grub(RND, secret(0), secret(32), secret(64));
  }

  private static SecretBytes secret(int first) {
    return SecretBytes.copyOf(run(first, Grub.SECRET_LENGTH).toByteArray());
  }
}
