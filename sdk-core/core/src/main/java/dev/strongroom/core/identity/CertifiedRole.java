// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

/**
 * What the owner of a certified element may do.
 *
 * <p>Thread safety: immutable.
 */
public enum CertifiedRole {
  /** Gets keys. */
  USER(1),
  /** Gets keys, and certifies others. */
  ADMINISTRATOR(2);

  private final int number;

  CertifiedRole(int number) {
    this.number = number;
  }

  /**
   * Its number in a certification.
   *
   * @return 1 or 2
   */
  public int number() {
    return number;
  }

  static CertifiedRole of(int number) {
    return switch (number) {
      case 1 -> USER;
      case 2 -> ADMINISTRATOR;
      default -> throw new IllegalArgumentException("certification: role " + number);
    };
  }
}
