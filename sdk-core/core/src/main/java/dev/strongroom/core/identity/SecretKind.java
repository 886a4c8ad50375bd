// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

/**
 * What goes from element to element.
 *
 * <p>Thread safety: immutable.
 */
public enum SecretKind {
  /** EncDBKey and SigDBKey, for a twin. */
  MASTER_KEYS(1),
  /** A managed key; reserved for the key store. */
  MANAGED_KEY(2);

  private final int number;

  SecretKind(int number) {
    this.number = number;
  }

  /**
   * Its number in commands.
   *
   * @return 1 or 2
   */
  public int number() {
    return number;
  }

  /**
   * The kind of a number.
   *
   * @param number 1 or 2
   * @return the kind
   * @throws IllegalArgumentException if there is none of that number
   */
  public static SecretKind of(int number) {
    return switch (number) {
      case 1 -> MASTER_KEYS;
      case 2 -> MANAGED_KEY;
      default -> throw new IllegalArgumentException("no kind of secret has number " + number);
    };
  }
}
