// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;

/**
 * EncGrub and SigGrub of a file or volume, wrapped for the recovery element.
 *
 * <p>Byte table: {@code docs/spec/secure-file-format.md}, section "Recovery element".
 *
 * @param enc the encapsulated key of the writer's HPKE context, {@value #ENC} bytes
 * @param wrapped EncGrub | SigGrub by AES key wrap, {@value #WRAPPED} bytes
 *     <p>Thread safety: immutable.
 */
public record RecoveryPair(Bytes enc, Bytes wrapped) {

  /** Length of the encapsulated key in bytes. */
  public static final int ENC = 65;

  /** Length of the wrapped pair in bytes. */
  public static final int WRAPPED = 72;

  /**
   * Checks the lengths.
   *
   * @param enc as above
   * @param wrapped as above
   */
  public RecoveryPair {
    if (enc.length() != ENC || wrapped.length() != WRAPPED) {
      throw new IllegalArgumentException(
          "65 and 72 bytes, not " + enc.length() + " and " + wrapped.length());
    }
  }
}
