// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;

/**
 * The element vouches for no such volume.
 *
 * <p>Thread safety: immutable.
 */
public final class VersionSlotNotFoundException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final byte[] volume;

  /**
   * Reports a volume.
   *
   * @param volume its id, 16 bytes
   */
  public VersionSlotNotFoundException(Bytes volume) {
    super("the secure element has no version slot for volume " + volume, null);
    this.volume = volume.toByteArray();
  }

  /**
   * Which volume was asked for.
   *
   * @return its id, 16 bytes
   */
  public Bytes volume() {
    return Bytes.copyOf(volume);
  }
}
