// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

/**
 * What a signature is for, so that one for one use is not taken for another.
 *
 * <p>Thread safety: immutable.
 */
public enum SignaturePurpose {
  /** A document that the host chose. */
  DOCUMENT(1),
  /** An element's statement about itself, {@link Attestation}. */
  ATTESTATION(2),
  /** A secret for another element, {@link WrappedSecret}. */
  WRAPPED_SECRET(3),
  /** A root's or an administrator's word for an element, {@link Certification}. */
  CERTIFICATION(4),
  /** A root's word for a new {@link TrustAnchor}. */
  TRUST_ANCHOR(5);

  private final int number;

  SignaturePurpose(int number) {
    this.number = number;
  }

  /**
   * Its number in what is signed.
   *
   * @return 1 to 5
   */
  public int number() {
    return number;
  }
}
