// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderRequest;
import dev.strongroom.core.keys.SignedReceipt;
import java.util.List;

/**
 * Orders and certifying of a session: each command waits for who holds the element, and ends with
 * the session.
 *
 * <p>Thread safety: thread-safe.
 */
final class SessionKeyOrders implements KeyOrderCommands {

  private final ElementSession session;
  private final ElementCommands commands;

  SessionKeyOrders(ElementSession session, ElementCommands commands) {
    this.session = session;
    this.commands = commands;
  }

  @Override
  public KeyOrder issue(
      CertificationChain receiver, OrderPosition previous, List<OrderRequest> requests)
      throws StrongroomException {
    return session.run(
        Capability.KEY_ORDERS, () -> commands.keyOrders().issue(receiver, previous, requests));
  }

  @Override
  public OrderPosition apply(CertificationChain sender, KeyOrder order) throws StrongroomException {
    return session.run(Capability.KEY_ORDERS, () -> commands.keyOrders().apply(sender, order));
  }

  @Override
  public SignedReceipt position(Bytes challenge) throws StrongroomException {
    return session.run(Capability.KEY_ORDERS, () -> commands.keyOrders().position(challenge));
  }

  @Override
  public Bytes certify(SecretBytes administratorPin, Certification certification)
      throws StrongroomException {
    return session.run(
        Capability.CERTIFYING, () -> commands.keyOrders().certify(administratorPin, certification));
  }

  @Override
  public Bytes signAnchor(SecretBytes administratorPin, TrustAnchor anchor)
      throws StrongroomException {
    return session.run(
        Capability.CERTIFYING, () -> commands.keyOrders().signAnchor(administratorPin, anchor));
  }
}
