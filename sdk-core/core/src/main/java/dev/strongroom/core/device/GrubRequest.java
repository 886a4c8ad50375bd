// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Asks the element for the key pair (EncGrub and SigGrub) of one file or directory.
 *
 * <p>Layout on the wire: {@code docs/spec/element-protocol.md}, command GRUB.
 *
 * <p>Thread safety: immutable.
 *
 * @param uid the file's UID, {@value #UID_LENGTH} bytes
 * @param rnd the file's RND, {@value #RND_LENGTH} bytes, or null when the file is new and the
 *     element is to draw it
 * @param epoch the file's key epoch, from 0, an unsigned 32-bit number
 * @param fileKey the key from which the pair is derived, or null for the element's master keys
 */
public record GrubRequest(
    Bytes uid, @Nullable Bytes rnd, int epoch, @Nullable ManagedFileKey fileKey) {

  /** Length of a UID in bytes. */
  public static final int UID_LENGTH = 16;

  /** Length of an RND in bytes. */
  public static final int RND_LENGTH = 16;

  /**
   * Checks the lengths.
   *
   * @param uid as above
   * @param rnd as above
   * @param epoch as above
   * @param fileKey as above
   */
  public GrubRequest {
    if (uid.length() != UID_LENGTH) {
      throw new IllegalArgumentException("a UID has 16 bytes, not " + uid.length());
    }
    if (rnd != null && rnd.length() != RND_LENGTH) {
      throw new IllegalArgumentException("an RND has 16 bytes, not " + rnd.length());
    }
    if (rnd == null && fileKey != null && fileKey.wrapped() != null) {
      throw new IllegalArgumentException("a file that has a file key has its RND");
    }
  }

  /**
   * Asks for a pair that comes from the element's master keys.
   *
   * @param uid as above
   * @param rnd as above
   * @param epoch as above
   */
  public GrubRequest(Bytes uid, @Nullable Bytes rnd, int epoch) {
    this(uid, rnd, epoch, null);
  }

  /**
   * Asks for the keys of a new file; the element draws its RND.
   *
   * @param uid the new file's UID
   * @return the request, at epoch 0
   */
  public static GrubRequest create(Bytes uid) {
    return new GrubRequest(uid, null, 0);
  }

  /**
   * Asks for the keys of an existing file.
   *
   * @param uid the file's UID
   * @param rnd the file's RND
   * @param epoch the file's key epoch
   * @return the request
   */
  public static GrubRequest existing(Bytes uid, Bytes rnd, int epoch) {
    return new GrubRequest(uid, rnd, epoch);
  }
}
