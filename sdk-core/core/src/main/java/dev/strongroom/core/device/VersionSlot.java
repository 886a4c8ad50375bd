// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;

/**
 * What an element vouches for about one volume: a root that the host chooses, and how often it has
 * changed.
 *
 * <p>A slot changes only from the state that the host names, by one step ({@link
 * ElementSession#compareAndSetVersion}), so that a volume cannot be turned back unnoticed.
 *
 * <p>Thread safety: immutable.
 *
 * @param volume the volume's id, 16 bytes
 * @param root {@value #ROOT_LENGTH} bytes
 * @param counter changes so far, an unsigned 64-bit number; 0 with a root of zeros for a volume
 *     without a slot
 */
public record VersionSlot(Bytes volume, Bytes root, long counter) {

  /** Length of a root in bytes. */
  public static final int ROOT_LENGTH = 32;

  private static final Bytes NO_ROOT = Bytes.copyOf(new byte[ROOT_LENGTH]);

  /**
   * Checks the lengths.
   *
   * @param volume as above
   * @param root as above
   * @param counter as above
   */
  public VersionSlot {
    if (volume.length() != ElementProtocol.VOLUME_ID_LENGTH) {
      throw new IllegalArgumentException("a volume id has 16 bytes, not " + volume.length());
    }
    requireRoot(root);
  }

  /**
   * What a volume without a slot counts as.
   *
   * @param volume the volume's id, 16 bytes
   * @return a root of zeros, counter 0
   */
  public static VersionSlot none(Bytes volume) {
    return new VersionSlot(volume, NO_ROOT, 0);
  }

  /**
   * The slot after one step.
   *
   * @param newRoot {@value #ROOT_LENGTH} bytes
   * @return the same volume with the new root and counter + 1
   */
  public VersionSlot next(Bytes newRoot) {
    return new VersionSlot(volume, newRoot, counter + 1);
  }

  /**
   * Makes sure that bytes have the length of a root.
   *
   * @param root the bytes
   * @return the same bytes
   * @throws IllegalArgumentException if they have another length
   */
  static Bytes requireRoot(Bytes root) {
    if (root.length() != ROOT_LENGTH) {
      throw new IllegalArgumentException("a root has 32 bytes, not " + root.length());
    }
    return root;
  }
}
