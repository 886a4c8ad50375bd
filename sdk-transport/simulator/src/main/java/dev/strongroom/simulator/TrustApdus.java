// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;

/**
 * The commands of the trust anchor and of secrets between elements as a card takes them, {@code
 * docs/spec/element-protocol.md}, 2.8 and 2.9.
 *
 * <p>Thread safety: confined, as the dispatcher.
 */
final class TrustApdus {

  private static final byte[] NOTHING = {};

  private final ElementChannel channel;

  TrustApdus(ElementChannel channel) {
    this.channel = channel;
  }

  /** Nothing if there is none: an error would have no MAC, and anybody could answer it. */
  byte[] anchor() throws StrongroomException {
    return channel.trustAnchor().map(anchor -> anchor.encode().toByteArray()).orElse(NOTHING);
  }

  byte[] change(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
    CommandData in = new CommandData(data);
    switch (command.p1()) {
      case ElementProtocol.P1_SET_ANCHOR -> {
        try (SecretBytes administratorPin = in.pin()) {
          channel.setTrustAnchor(
              administratorPin, CommandData.structure(in.rest(), TrustAnchor::parse));
        }
      }
      case ElementProtocol.P1_UPDATE_ANCHOR ->
          channel.updateTrustAnchor(CommandData.structure(in.rest(), TrustAnchorUpdate::parse));
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    }
    return NOTHING;
  }

  byte[] export(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    SecretKind kind = kind(command);
    CommandData in = new CommandData(data);
    try (SecretBytes administratorPin = in.pin()) {
      Bytes challenge = in.bytes(WrappedSecret.CHALLENGE_LENGTH);
      Peer receiver = CommandData.structure(in.rest(), Peer::parse);
      return channel
          .exportSecret(administratorPin, kind, challenge, receiver)
          .encode()
          .toByteArray();
    }
  }

  byte[] importSecret(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    SecretKind kind = kind(command);
    if (data.length == 0) {
      return channel.importChallenge(kind).toByteArray();
    }
    CommandData in = new CommandData(data);
    try (SecretBytes administratorPin = in.pin()) {
      Peer sender = CommandData.structure(in.counted(), Peer::parse);
      WrappedSecret secret = CommandData.structure(in.rest(), WrappedSecret::parse);
      Refusal.unless(secret.kind() == kind, StatusWord.WRONG_DATA);
      channel.importSecret(administratorPin, sender, secret);
      return NOTHING;
    }
  }

  private static SecretKind kind(CommandApdu command) throws Refusal {
    Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
    try {
      return SecretKind.of(command.p1());
    } catch (IllegalArgumentException e) {
      throw new Refusal(StatusWord.WRONG_P1_P2);
    }
  }
}
