// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;

/**
 * The commands of the trust anchor and of secrets from element to element as APDUs, {@code
 * docs/spec/element-protocol.md}, 2.8 and 2.9.
 *
 * <p>Thread safety: as the sender.
 */
final class ApduSecrets {

  /** Sends a command of a login; the role is whose PIN it carries. */
  interface Sender {
    byte[] send(CommandApdu command, Role role) throws StrongroomException;
  }

  private final Sender sender;

  ApduSecrets(Sender sender) {
    this.sender = sender;
  }

  void updateTrustAnchor(TrustAnchorUpdate update) throws StrongroomException {
    sender.send(
        CommandApdu.of(
            ElementProtocol.CLA_PROPRIETARY,
            ElementProtocol.INS_TRUST_ANCHOR,
            ElementProtocol.P1_UPDATE_ANCHOR,
            0,
            update.encode().toByteArray(),
            0),
        Role.USER);
  }

  WrappedSecret export(
      SecretBytes administratorPin, SecretKind kind, Bytes challenge, Peer receiver)
      throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    WrappedSecret.requireChallenge(challenge);
    byte[] data =
        new SecretData().pin(administratorPin).bytes(challenge).bytes(receiver.encode()).take();
    byte[] answer =
        sender.send(
            SecretData.command(
                ElementProtocol.INS_EXPORT_SECRET,
                kind.number(),
                0,
                data,
                ElementProtocol.MAX_DATA),
            Role.ADMINISTRATOR);
    return ApduIdentity.parse(answer, "the wrapped secret is malformed", WrappedSecret::parse);
  }

  Bytes importChallenge(SecretKind kind) throws StrongroomException {
    byte[] answer =
        sender.send(
            CommandApdu.of(
                ElementProtocol.CLA_PROPRIETARY,
                ElementProtocol.INS_IMPORT_SECRET,
                kind.number(),
                0,
                WrappedSecret.CHALLENGE_LENGTH),
            Role.USER);
    return ApduIdentity.parse(
        answer, "the challenge is malformed", WrappedSecret::requireChallenge);
  }

  void importSecret(SecretBytes administratorPin, Peer peer, WrappedSecret secret)
      throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    byte[] data =
        new SecretData().pin(administratorPin).counted(peer.encode()).bytes(secret.encode()).take();
    sender.send(
        SecretData.command(ElementProtocol.INS_IMPORT_SECRET, secret.kind().number(), 0, data, 0),
        Role.ADMINISTRATOR);
  }
}
