// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.IndexedSignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.Signatures;
import dev.strongroom.core.identity.SignedCertification;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Roots of trust with keys in memory, for tests: they make anchors, sign updates and certify
 * elements.
 *
 * <p>Thread safety: thread-safe.
 */
public final class RootAuthority {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<P256.Pair> roots;

  private RootAuthority(List<P256.Pair> roots) {
    this.roots = roots;
  }

  /**
   * New roots.
   *
   * @param count how many, 1 to {@value TrustAnchor#MAX_ROOTS}
   * @return the authority
   */
  public static RootAuthority of(int count) {
    return new RootAuthority(Stream.generate(() -> P256.generate(RANDOM)).limit(count).toList());
  }

  /**
   * Their trust anchor.
   *
   * @param version from 1
   * @param threshold how many of them have to sign
   * @return the anchor
   */
  public TrustAnchor anchor(int version, int threshold) {
    return new TrustAnchor(version, threshold, roots.stream().map(P256.Pair::publicKey).toList());
  }

  /**
   * Signatures of some of the roots.
   *
   * @param purpose what they are for
   * @param message what is signed
   * @param signers indices, ascending
   * @return the signatures
   */
  public Signatures sign(SignaturePurpose purpose, Bytes message, int... signers) {
    List<IndexedSignature> signatures = new ArrayList<>();
    for (int signer : signers) {
      signatures.add(
          new IndexedSignature(
              signer,
              IdentitySignature.sign(
                  roots.get(signer).privateKey(), purpose, message.toByteArray())));
    }
    return new Signatures(signatures);
  }

  /**
   * An update to an anchor that is signed by roots of this authority and of the next.
   *
   * @param next the new anchor
   * @param signers of these roots
   * @param successors the authority of the new anchor
   * @param newSigners of its roots
   * @return the update
   */
  public TrustAnchorUpdate update(
      TrustAnchor next, int[] signers, RootAuthority successors, int[] newSigners) {
    return new TrustAnchorUpdate(
        next,
        sign(SignaturePurpose.TRUST_ANCHOR, next.encode(), signers),
        successors.sign(SignaturePurpose.TRUST_ANCHOR, next.encode(), newSigners));
  }

  /**
   * Certifies an element.
   *
   * @param certification what is said
   * @param signers indices of roots, ascending
   * @return certification and signatures
   */
  public SignedCertification certify(Certification certification, int... signers) {
    return new SignedCertification(
        certification, sign(SignaturePurpose.CERTIFICATION, certification.encode(), signers));
  }

  /**
   * What is said about an element in most tests: software, no groups.
   *
   * @param role what its owner may do
   * @param serialNumber 16 bytes
   * @param keys the element's
   * @param anchorVersion of the trust anchor
   * @return the certification, not signed
   */
  public static Certification certification(
      CertifiedRole role, Bytes serialNumber, Peer keys, int anchorVersion) {
    return new Certification(
        role,
        ElementClass.SOFTWARE,
        serialNumber,
        keys.signingKey(),
        keys.agreementKey(),
        anchorVersion,
        List.of());
  }
}
