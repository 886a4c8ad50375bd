// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;

/**
 * What the element that a volume was made with signs about the volume's recovery element: that the
 * pair which is wrapped for it is the volume's.
 *
 * <p>Byte table: {@code docs/spec/secure-file-format.md}, section "Recovery element".
 *
 * @param volume the volume's id, 16 bytes
 * @param uid the volume's UID, 16 bytes
 * @param rnd its RND, 16 bytes
 * @param commitment of the volume file, 32 bytes
 * @param recoveryElement SHA-256 of the recovery element's signing key | agreement key
 * @param pair the volume's pair, wrapped
 *     <p>Thread safety: immutable.
 */
public record RecoveryStatement(
    Bytes volume,
    Bytes uid,
    Bytes rnd,
    Bytes commitment,
    Bytes recoveryElement,
    RecoveryPair pair) {

  private static final int BYTES = 3 * 16 + 2 * 32 + RecoveryPair.ENC + RecoveryPair.WRAPPED;

  /**
   * What is signed.
   *
   * @return the fields, one after the other, 249 bytes
   */
  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(volume.toByteArray())
        .put(uid.toByteArray())
        .put(rnd.toByteArray())
        .put(commitment.toByteArray())
        .put(recoveryElement.toByteArray())
        .put(pair.enc().toByteArray())
        .put(pair.wrapped().toByteArray())
        .array();
  }
}
