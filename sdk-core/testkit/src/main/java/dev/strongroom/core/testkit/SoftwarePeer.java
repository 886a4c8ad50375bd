// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeContext;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.Signatures;
import dev.strongroom.core.identity.SignedCertification;
import dev.strongroom.core.identity.WrappedSecret;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;

/**
 * The other end of a secret's way, without an element: for tests of elements that give or take one.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SoftwarePeer {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] NO_AAD = {};

  private final P256.Pair signing = P256.generate(RANDOM);
  private final P256.Pair agreement = P256.generate(RANDOM);

  /** Makes new keys. */
  public SoftwarePeer() {}

  /**
   * Its public keys.
   *
   * @return the peer as pinned
   */
  public Peer.Pinned pinned() {
    return new Peer.Pinned(signing.publicKey(), agreement.publicKey());
  }

  /**
   * Wraps a secret as an element would.
   *
   * @param secret in clear
   * @param challenge of the receiver
   * @param receiver who shall get it
   * @return the wrapped secret
   */
  public WrappedSecret wrap(byte[] secret, Bytes challenge, Peer receiver) {
    Bytes to = receiver.agreementKey();
    byte[] info = WrappedSecret.info(SecretKind.MASTER_KEYS, challenge, signing.publicKey(), to);
    try (Hpke.Sender sender =
        Hpke.setupBaseS(HpkeSuite.P256, Hpke.Aead.AES_256_GCM, to, info, RANDOM)) {
      Bytes ciphertext = Bytes.copyOf(sender.context().seal(NO_AAD, secret));
      return signed(challenge, to, sender.enc(), ciphertext);
    }
  }

  /**
   * Signs parts of a wrapped secret, whatever they are.
   *
   * @param challenge of the receiver
   * @param to agreement key of the receiver
   * @param enc the encapsulated key
   * @param ciphertext with tag
   * @return the wrapped secret
   */
  public WrappedSecret signed(Bytes challenge, Bytes to, Bytes enc, Bytes ciphertext) {
    Bytes signature =
        IdentitySignature.sign(
            signing.privateKey(),
            SignaturePurpose.WRAPPED_SECRET,
            WrappedSecret.signed(
                SecretKind.MASTER_KEYS, challenge, signing.publicKey(), to, enc, ciphertext));
    return new WrappedSecret(
        SecretKind.MASTER_KEYS, challenge, signing.publicKey(), to, enc, ciphertext, signature);
  }

  /**
   * Certifies an element, as an administrator does.
   *
   * @param certification what is said
   * @return certification and signature
   */
  public SignedCertification certify(Certification certification) {
    return new SignedCertification(
        certification,
        Signatures.of(
            IdentitySignature.sign(
                signing.privateKey(),
                SignaturePurpose.CERTIFICATION,
                certification.encode().toByteArray())));
  }

  /**
   * Opens a secret that an element has wrapped for this peer.
   *
   * @param secret the wrapped secret
   * @return what is in it
   * @throws AEADBadTagException if it is not for this peer
   */
  public SecretBytes unwrap(WrappedSecret secret) throws AEADBadTagException {
    try (HpkeContext context =
        Hpke.setupBaseR(
            Hpke.Aead.AES_256_GCM, secret.enc(), HpkeKeyPair.of(agreement), secret.info())) {
      return context.open(NO_AAD, secret.ciphertext().toByteArray());
    }
  }
}
