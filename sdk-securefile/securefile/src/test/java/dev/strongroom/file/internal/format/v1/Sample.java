// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.VolumeKeys;

/** Fixed keys and ids for tests of the format. */
final class Sample {

  static final Bytes VOLUME = run(0x40, 16);
  static final Bytes UID = run(0x50, 16);
  static final Bytes RND = run(0x60, 16);

  private Sample() {}

  /** Ascending bytes. */
  static Bytes run(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return Bytes.copyOf(bytes);
  }

  /** An answer of an element; other seeds give other keys. */
  static Grub grub(int seed) {
    return new Grub(RND, secret(seed), secret(seed + 32), secret(seed + 64));
  }

  static FileKeys fileKeys(int seed) {
    try (Grub grub = grub(seed)) {
      return FileKeys.of(grub);
    }
  }

  static VolumeKeys volumeKeys(int seed) {
    try (Grub grub = grub(seed)) {
      return VolumeKeys.of(grub);
    }
  }

  private static SecretBytes secret(int first) {
    return SecretBytes.copyOf(run(first, Grub.SECRET_LENGTH).toByteArray());
  }
}
