// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.OrderEntry;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderRequest;
import dev.strongroom.core.keys.SignedReceipt;
import dev.strongroom.core.transport.FrameException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Orders of the key store and certifying by APDUs, {@code docs/spec/key-store.md}, 6 and 9.
 *
 * <p>Thread safety: as the channel.
 */
final class ApduKeyOrders implements KeyOrderCommands {

  private static final int POSITION_LENGTH = Long.BYTES + OrderPosition.DIGEST_LENGTH;
  private static final int LENGTH_FIELD = 2;

  private final KeyChannel channel;
  private final ApduKeyStore store;

  ApduKeyOrders(KeyChannel channel, ApduKeyStore store) {
    this.channel = channel;
    this.store = store;
  }

  @Override
  public KeyOrder issue(
      CertificationChain receiver, OrderPosition previous, List<OrderRequest> requests)
      throws StrongroomException {
    if (requests.isEmpty() || requests.size() > KeyOrder.MAX_ENTRIES) {
      throw new IllegalArgumentException("an order has 1 to 64 entries, not " + requests.size());
    }
    SecretData data =
        new SecretData()
            .counted(receiver.encode())
            .bytes(number(previous.sequence() + 1))
            .bytes(previous.digest());
    requests.forEach(request -> data.bytes(request.encode()));
    byte[] encoded = requireFits(data.take());
    byte[] answer;
    try {
      answer =
          channel.send(KeyStoreProtocol.INS_ISSUE_ORDER, 0, 0, encoded, ElementProtocol.MAX_DATA);
    } catch (StatusWordException e) {
      if (e.status().equals(StatusWord.WRONG_DATA)) {
        throw new UntrustedPeerException(
            "the certifications of the receiver do not lead to this element's trust anchor, or a"
                + " request is malformed");
      }
      throw e.status().equals(StatusWord.REFERENCE_NOT_FOUND)
          ? store.missing(keys(requests), groups(requests), e)
          : e;
    }
    return ApduIdentity.parse(answer, "the order is malformed", KeyOrder::parse);
  }

  /** Whose records the sender has to have. */
  private static List<KeyId> keys(List<OrderRequest> requests) {
    return requests.stream()
        .filter(OrderRequest.Key.class::isInstance)
        .map(request -> ((OrderRequest.Key) request).key())
        .toList();
  }

  /** Likewise. */
  private static List<GroupId> groups(List<OrderRequest> requests) {
    List<GroupId> groups = new ArrayList<>();
    for (OrderRequest request : requests) {
      if (request instanceof OrderRequest.Entry other
          && other.entry() instanceof OrderEntry.Grant grant) {
        groups.add(grant.group());
      }
    }
    return groups;
  }

  @Override
  public OrderPosition apply(CertificationChain sender, KeyOrder order) throws StrongroomException {
    byte[] data =
        requireFits(new SecretData().counted(sender.encode()).bytes(order.encode()).take());
    byte[] answer;
    try {
      answer = channel.send(KeyStoreProtocol.INS_APPLY_ORDER, 0, 0, data, POSITION_LENGTH);
    } catch (StatusWordException e) {
      throw store.full(e, records(order));
    }
    if (answer.length != POSITION_LENGTH) {
      throw new FrameException(answer.length + " bytes are no position");
    }
    return new OrderPosition(
        ByteBuffer.wrap(answer).getLong(),
        Bytes.copyOf(answer, Long.BYTES, OrderPosition.DIGEST_LENGTH));
  }

  /** Most records that an order makes. */
  private static int records(KeyOrder order) {
    int records = 0;
    for (OrderEntry entry : order.entries()) {
      if (entry instanceof OrderEntry.Key key) {
        records += key.attributes().algorithm().valueLength() > KeyId.LENGTH * 2 ? 2 : 1;
      } else if (entry instanceof OrderEntry.Grant) {
        records++;
      }
    }
    return Math.max(1, records);
  }

  @Override
  public SignedReceipt position(Bytes challenge) throws StrongroomException {
    requireChallenge(challenge);
    byte[] answer =
        channel.send(
            KeyStoreProtocol.INS_ORDER_POSITION,
            0,
            0,
            challenge.toByteArray(),
            ElementProtocol.MAX_DATA);
    return ApduIdentity.parse(answer, "the position is malformed", SignedReceipt::parse);
  }

  static void requireChallenge(Bytes challenge) {
    if (challenge.length() < KeyStoreProtocol.MIN_CHALLENGE
        || challenge.length() > KeyStoreProtocol.MAX_CHALLENGE) {
      throw new IllegalArgumentException(
          "a challenge has 16 to 64 bytes, not " + challenge.length());
    }
  }

  @Override
  public Bytes certify(SecretBytes administratorPin, Certification certification)
      throws StrongroomException {
    try {
      return sign(KeyStoreProtocol.P1_CERTIFY, administratorPin, certification.encode());
    } catch (StatusWordException e) {
      throw e.status().equals(StatusWord.WRONG_DATA)
          ? new UntrustedPeerException(
              "a certification is made under the present version of the trust anchor, not under "
                  + certification.anchorVersion())
          : e;
    }
  }

  @Override
  public Bytes signAnchor(SecretBytes administratorPin, TrustAnchor anchor)
      throws StrongroomException {
    try {
      return sign(KeyStoreProtocol.P1_SIGN_ANCHOR, administratorPin, anchor.encode());
    } catch (StatusWordException e) {
      throw e.status().equals(StatusWord.WRONG_DATA) ? new TrustAnchorRefusedException() : e;
    }
  }

  private Bytes sign(int p1, SecretBytes administratorPin, Bytes what) throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    byte[] answer =
        channel.send(
            SecretData.command(
                KeyStoreProtocol.INS_CERTIFY,
                p1,
                0,
                new SecretData().pin(administratorPin).bytes(what).take(),
                IdentitySignature.LENGTH),
            Role.ADMINISTRATOR);
    if (answer.length != IdentitySignature.LENGTH) {
      throw new FrameException(answer.length + " bytes are no signature");
    }
    return Bytes.copyOf(answer);
  }

  private static Bytes number(long value) {
    return Bytes.copyOf(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static byte[] requireFits(byte[] data) {
    if (data.length > ElementProtocol.MAX_DATA) {
      throw new IllegalArgumentException(
          "an order with the certifications that go with it has at most "
              + (ElementProtocol.MAX_DATA - LENGTH_FIELD)
              + " bytes, not "
              + (data.length - LENGTH_FIELD));
    }
    return data;
  }
}
