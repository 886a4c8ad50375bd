// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderRequest;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The commands of orders as a card takes them, {@code docs/spec/key-store.md}, 9, instructions 48
 * to 4E.
 *
 * <p>Thread safety: confined, as the dispatcher.
 */
final class KeyOrderApdus {

  private final ElementKeyOrders orders;

  KeyOrderApdus(ElementChannel channel) {
    this.orders = channel.keyOrders();
  }

  byte[] issue(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    requireNoParameters(command);
    CommandData in = new CommandData(data);
    CertificationChain receiver = CommandData.structure(in.counted(), CertificationChain::parse);
    long sequence = in.u64();
    Bytes previous = in.bytes(OrderPosition.DIGEST_LENGTH);
    List<OrderRequest> requests = CommandData.structure(in.rest(), OrderRequest::parseAll);
    Refusal.unless(
        sequence != 0 && !requests.isEmpty() && requests.size() <= KeyOrder.MAX_ENTRIES,
        StatusWord.WRONG_DATA);
    return orders
        .issue(receiver, new OrderPosition(sequence - 1, previous), requests)
        .encode()
        .toByteArray();
  }

  byte[] apply(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    requireNoParameters(command);
    CommandData in = new CommandData(data);
    CertificationChain sender = CommandData.structure(in.counted(), CertificationChain::parse);
    KeyOrder order = CommandData.structure(in.rest(), KeyOrder::parse);
    OrderPosition position = orders.apply(sender, order);
    return ByteBuffer.allocate(Long.BYTES + OrderPosition.DIGEST_LENGTH)
        .putLong(position.sequence())
        .put(position.digest().toByteArray())
        .array();
  }

  byte[] position(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    requireNoParameters(command);
    Refusal.unless(
        data.length >= KeyStoreProtocol.MIN_CHALLENGE
            && data.length <= KeyStoreProtocol.MAX_CHALLENGE,
        StatusWord.WRONG_LENGTH);
    return orders.position(Bytes.copyOf(data)).encode().toByteArray();
  }

  byte[] certify(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
    CommandData in = new CommandData(data);
    try (SecretBytes administratorPin = in.pin()) {
      Bytes message = in.rest();
      return switch (command.p1()) {
        case KeyStoreProtocol.P1_CERTIFY ->
            orders
                .certify(administratorPin, CommandData.structure(message, Certification::parse))
                .toByteArray();
        case KeyStoreProtocol.P1_SIGN_ANCHOR ->
            orders
                .signAnchor(administratorPin, CommandData.structure(message, TrustAnchor::parse))
                .toByteArray();
        default -> throw new Refusal(StatusWord.WRONG_P1_P2);
      };
    }
  }

  private static void requireNoParameters(CommandApdu command) throws Refusal {
    Refusal.unless(command.p1() == 0 && command.p2() == 0, StatusWord.WRONG_P1_P2);
  }
}
