// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.identity.AttestationStatement;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;

/**
 * The commands of the element's identity as a card takes them, {@code
 * docs/spec/element-protocol.md}, 2.7.
 *
 * <p>Thread safety: confined, as the dispatcher.
 */
final class IdentityApdus {

  private final ElementChannel channel;

  IdentityApdus(ElementChannel channel) {
    this.channel = channel;
  }

  byte[] certificates() throws StrongroomException {
    return channel.certificates().toByteArray();
  }

  byte[] card() throws StrongroomException {
    return channel.encodedCard().toByteArray();
  }

  byte[] sign(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    SignaturePurpose purpose =
        SignaturePurpose.of(command.p1())
            .filter(SignaturePurpose::isForHosts)
            .orElseThrow(() -> new Refusal(StatusWord.WRONG_P1_P2));
    Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
    Refusal.unless(data.length == IdentitySignature.DIGEST_LENGTH, StatusWord.WRONG_LENGTH);
    return channel.sign(purpose, Bytes.copyOf(data)).toByteArray();
  }

  byte[] attest(CommandApdu command, byte[] data, Bytes receipt)
      throws Refusal, StrongroomException {
    Refusal.unless(command.p1() == 0 && command.p2() == 0, StatusWord.WRONG_P1_P2);
    Refusal.unless(
        data.length >= AttestationStatement.MIN_CHALLENGE_LENGTH
            && data.length <= AttestationStatement.MAX_CHALLENGE_LENGTH,
        StatusWord.WRONG_LENGTH);
    return channel.attest(Bytes.copyOf(data), receipt).encode().toByteArray();
  }

  byte[] hpke(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    HpkeSuite suite =
        HpkeSuite.of(command.p1()).orElseThrow(() -> new Refusal(StatusWord.WRONG_P1_P2));
    CommandData in = new CommandData(data);
    return switch (command.p2()) {
      case ElementProtocol.P2_HPKE_EXPORT -> export(suite, in);
      case ElementProtocol.P2_HPKE_OPEN -> open(suite, in);
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    };
  }

  private byte[] export(HpkeSuite suite, CommandData in) throws Refusal, StrongroomException {
    Bytes enc = in.bytes(suite.encLength());
    Bytes info = in.counted();
    Bytes exporterContext = in.counted();
    int length = in.exportLength();
    in.end();
    return taken(channel.hpkeExport(suite, enc, info, exporterContext, length));
  }

  private byte[] open(HpkeSuite suite, CommandData in) throws Refusal, StrongroomException {
    Bytes enc = in.bytes(suite.encLength());
    Bytes info = in.counted();
    Bytes aad = in.counted();
    return taken(channel.hpkeOpen(suite, enc, info, aad, in.rest()));
  }

  static byte[] taken(SecretBytes secret) {
    try (secret) {
      byte[] answer = new byte[secret.length()];
      secret.copyTo(answer, 0);
      return answer;
    }
  }
}
