// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeContext;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.AttestationStatement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchor;
import javax.crypto.AEADBadTagException;

/**
 * The commands of the element's identity, {@code docs/spec/element-protocol.md}, 2.7.
 *
 * <p>Thread safety: thread-safe.
 */
final class IdentityCommands {

  private final ElementApplication application;

  IdentityCommands(ElementApplication application) {
    this.application = application;
  }

  /** A file of before elements had an identity gets one with its next login. */
  Bytes certificates() throws StrongroomException {
    Bytes certificates = application.disclosed().certificates();
    if (certificates == null) {
      throw new StatusWordException(ElementProtocol.INS_GET_DATA, StatusWord.REFERENCE_NOT_FOUND);
    }
    return certificates;
  }

  ElementIdentity identity() throws StrongroomException {
    try {
      return ElementIdentity.parse(certificates());
    } catch (IllegalArgumentException e) {
      throw new ElementDamagedException("the certificates of its identity", e);
    }
  }

  /** A file of before elements had a card gets one with its next login. */
  Bytes encodedCard() throws StrongroomException {
    Bytes card = application.disclosed().card();
    if (card == null) {
      throw new StatusWordException(ElementProtocol.INS_GET_DATA, StatusWord.REFERENCE_NOT_FOUND);
    }
    return card;
  }

  ElementCard card() throws StrongroomException {
    try {
      return ElementCard.parse(encodedCard());
    } catch (IllegalArgumentException e) {
      throw new ElementDamagedException("its card", e);
    }
  }

  Bytes sign(Login login, SignaturePurpose purpose, Bytes digest) {
    return P256.sign(
        login.identity().signing().privateKey(), IdentitySignature.input(purpose, digest));
  }

  Attestation attest(Login login, Bytes challenge, Bytes receipt) throws StrongroomException {
    ElementInfo info = application.info();
    TrustAnchor anchor = application.disclosed().anchor();
    AttestationStatement statement =
        new AttestationStatement(
            info.protocolMajor(),
            info.protocolMinor(),
            info.serialNumber(),
            info.elementClass(),
            ElementProtocol.capabilityBits(info.capabilities()),
            Bytes.copyOf(ElementProtocol.encodeStatus(application.status())),
            application.channelIdentity().key().publicKey().point(),
            receipt,
            anchor == null ? 0 : anchor.version(),
            challenge);
    Bytes signature =
        IdentitySignature.sign(
            login.identity().signing().privateKey(),
            SignaturePurpose.ATTESTATION,
            statement.encode().toByteArray());
    return new Attestation(statement, signature);
  }

  static SecretBytes hpkeExport(
      HpkeKeyPair receiver, Bytes enc, byte[] info, Bytes exporterContext, int length)
      throws DecryptionFailedException {
    try (HpkeContext context = context(Hpke.Aead.EXPORT_ONLY, receiver, enc, info)) {
      return context.export(exporterContext.toByteArray(), length);
    }
  }

  static SecretBytes hpkeOpen(
      HpkeKeyPair receiver, Bytes enc, byte[] info, Bytes aad, Bytes ciphertext)
      throws DecryptionFailedException {
    try (HpkeContext context = context(Hpke.Aead.AES_256_GCM, receiver, enc, info)) {
      return context.open(aad.toByteArray(), ciphertext.toByteArray());
    } catch (AEADBadTagException e) {
      throw new DecryptionFailedException();
    }
  }

  private static HpkeContext context(Hpke.Aead aead, HpkeKeyPair receiver, Bytes enc, byte[] info)
      throws DecryptionFailedException {
    try {
      return Hpke.setupBaseR(aead, enc, receiver, info);
    } catch (IllegalArgumentException e) {
      throw new DecryptionFailedException();
    }
  }
}
