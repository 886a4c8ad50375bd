// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyOperation;
import java.util.Arrays;
import java.util.Optional;

/**
 * On which side of a key agreement a managed key is.
 *
 * <p>Thread safety: immutable.
 */
public enum AgreementSide {
  /** For something that is protected now. */
  ORIGINATOR(KeyOperation.AGREE_AS_ORIGINATOR),
  /** For something that somebody else has protected. */
  RECIPIENT(KeyOperation.AGREE_AS_RECIPIENT);

  private final KeyOperation operation;

  AgreementSide(KeyOperation operation) {
    this.operation = operation;
  }

  /**
   * What the rules are asked.
   *
   * @return the operation, whose number is the one on the wire
   */
  public KeyOperation operation() {
    return operation;
  }

  /**
   * The side of a number.
   *
   * @param number of an operation, as on the wire
   * @return the side, or empty if there is none of that number
   */
  public static Optional<AgreementSide> of(int number) {
    return Arrays.stream(values()).filter(side -> side.operation.number() == number).findFirst();
  }
}
