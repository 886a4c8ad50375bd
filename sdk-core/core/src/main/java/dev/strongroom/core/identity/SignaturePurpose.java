// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import java.util.Optional;

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
  TRUST_ANCHOR(5),
  /** What an element shows of itself to those who send it something, {@link ElementCard}. */
  CARD(6),
  /** A file on its way to other elements, which the host has put together. */
  TRANSIENT_FILE(7),
  /** That a volume, which the host has made, has a certain recovery element. */
  VOLUME_RECOVERY(8),
  /** An administrator's order to another element's key store. */
  ORDER(9),
  /** An element's statement about the orders that it has applied. */
  ORDER_POSITION(10);

  private final int number;

  SignaturePurpose(int number) {
    this.number = number;
  }

  /**
   * Its number in what is signed.
   *
   * @return 1 to 10
   */
  public int number() {
    return number;
  }

  /**
   * Whether a host chooses what is signed; an element signs nothing else for it.
   *
   * @return true for documents, transient files and recovery elements of volumes
   */
  public boolean isForHosts() {
    return this == DOCUMENT || this == TRANSIENT_FILE || this == VOLUME_RECOVERY;
  }

  /**
   * The purpose of a number.
   *
   * @param number as in what is signed
   * @return the purpose, or empty if this release does not know it
   */
  public static Optional<SignaturePurpose> of(int number) {
    for (SignaturePurpose purpose : values()) {
      if (purpose.number == number) {
        return Optional.of(purpose);
      }
    }
    return Optional.empty();
  }
}
