// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.AttestationStatement;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.transport.FrameException;
import java.util.function.Function;

/**
 * The commands of an element's identity as APDUs, {@code docs/spec/element-protocol.md}, 2.7.
 *
 * <p>Thread safety: as the sender.
 */
final class ApduIdentity {

  private final ApduVersions.Sender sender;

  ApduIdentity(ApduVersions.Sender sender) {
    this.sender = sender;
  }

  Bytes sign(SignaturePurpose purpose, Bytes digest) throws StrongroomException {
    IdentitySignature.requireDigest(digest);
    byte[] answer =
        sender.send(
            CommandApdu.of(
                ElementProtocol.CLA_PROPRIETARY,
                ElementProtocol.INS_SIGN,
                purpose.number(),
                0,
                digest.toByteArray(),
                IdentitySignature.LENGTH));
    if (answer.length != IdentitySignature.LENGTH) {
      throw new FrameException(answer.length + " bytes are no signature");
    }
    return Bytes.copyOf(answer);
  }

  Attestation attest(Bytes challenge) throws StrongroomException {
    AttestationStatement.requireChallenge(challenge);
    byte[] answer =
        sender.send(
            CommandApdu.of(
                ElementProtocol.CLA_PROPRIETARY,
                ElementProtocol.INS_ATTEST,
                0,
                0,
                challenge.toByteArray(),
                CommandApdu.MAX_SHORT_RESPONSE));
    return parse(answer, "the attestation is malformed", Attestation::parse);
  }

  SecretBytes hpkeExport(HpkeSuite suite, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException {
    suite.requireEncLength(enc);
    requireExport(length);
    SecretData data =
        new SecretData()
            .bytes(enc)
            .counted(info)
            .counted(exporterContext)
            .bytes(Bytes.copyOf(new byte[] {0, (byte) length}));
    return exported(
        sender.send(
            SecretData.command(
                ElementProtocol.INS_HPKE,
                suite.code(),
                ElementProtocol.P2_HPKE_EXPORT,
                data.take(),
                length)),
        length);
  }

  static void requireExport(int length) {
    if (length < 1 || length > ElementProtocol.MAX_EXPORT) {
      throw new IllegalArgumentException("1 to 255 exported bytes, not " + length);
    }
  }

  /** Takes an exported secret out of an answer. */
  static SecretBytes exported(byte[] answer, int length) throws FrameException {
    SecretBytes secret = SecretBytes.adopt(answer);
    if (secret.length() != length) {
      secret.close();
      throw new FrameException(answer.length + " bytes instead of " + length);
    }
    return secret;
  }

  SecretBytes hpkeOpen(HpkeSuite suite, Bytes enc, Bytes info, Bytes aad, Bytes ciphertext)
      throws StrongroomException {
    suite.requireEncLength(enc);
    int length = ciphertext.length() - ElementProtocol.HPKE_TAG_LENGTH;
    if (length < 0) {
      throw new IllegalArgumentException(
          "a ciphertext with tag has at least 16 bytes, not " + ciphertext.length());
    }
    SecretData data = new SecretData().bytes(enc).counted(info).counted(aad).bytes(ciphertext);
    return SecretBytes.adopt(
        sender.send(
            SecretData.command(
                ElementProtocol.INS_HPKE,
                suite.code(),
                ElementProtocol.P2_HPKE_OPEN,
                data.take(),
                length)));
  }

  /** Reads a structure out of an answer. */
  static <T> T parse(byte[] answer, String otherwise, Function<Bytes, T> parser)
      throws FrameException {
    try {
      return parser.apply(Bytes.copyOf(answer));
    } catch (IllegalArgumentException e) {
      throw new FrameException(otherwise, e);
    }
  }
}
