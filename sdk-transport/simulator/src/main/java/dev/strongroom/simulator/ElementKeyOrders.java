// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.KeyOrderCommands;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.TrustAnchorRefusedException;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderReceipt;
import dev.strongroom.core.keys.OrderRequest;
import dev.strongroom.core.keys.SignedReceipt;
import dev.strongroom.simulator.keystore.KeyTable;
import java.util.List;

/**
 * Orders of the key store, and what a root signs, on one channel, {@code docs/spec/key-store.md}, 6
 * and 9.1.
 *
 * <p>Thread safety: thread-safe; changes go one at a time in the application.
 */
final class ElementKeyOrders implements KeyOrderCommands {

  private static final int LONG = 7168;
  private static final int SMALL = 64;

  private final ElementChannel channel;
  private final ElementApplication application;

  ElementKeyOrders(ElementChannel channel, ElementApplication application) {
    this.channel = channel;
    this.application = application;
  }

  @Override
  public KeyOrder issue(
      CertificationChain receiver, OrderPosition previous, List<OrderRequest> requests)
      throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_ISSUE_ORDER,
        LONG,
        login -> OrderIssue.make(application, login, receiver, previous, requests));
  }

  @Override
  public OrderPosition apply(CertificationChain sender, KeyOrder order) throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_APPLY_ORDER,
        LONG,
        login -> OrderApplication.apply(application, login, sender, order));
  }

  @Override
  public SignedReceipt position(Bytes challenge) throws StrongroomException {
    ElementKeyUse.requireChallenge(challenge);
    return channel.onLogin(
        KeyStoreProtocol.INS_ORDER_POSITION,
        4 * SMALL,
        login -> {
          OrderReceipt receipt = application.read(login, state -> receipt(state, challenge));
          return new SignedReceipt(
              receipt,
              IdentitySignature.sign(
                  login.identity().signing().privateKey(),
                  SignaturePurpose.ORDER_POSITION,
                  receipt.encode().toByteArray()));
        });
  }

  private OrderReceipt receipt(OpenState state, Bytes challenge) throws StrongroomException {
    TrustAnchor anchor = OrderIssue.requireAnchor(state, KeyStoreProtocol.INS_ORDER_POSITION);
    KeyTable table = application.keyTable(state);
    return new OrderReceipt(
        anchor.version(),
        state.image().serialNumber(),
        state.position(),
        table.floor(),
        table.keyCount(),
        table.groups().size(),
        OrderReceipt.stateRoot(table.allAttributes(), table.groups()),
        challenge);
  }

  @Override
  public Bytes certify(SecretBytes administratorPin, Certification certification)
      throws StrongroomException {
    return sign(
        administratorPin,
        SignaturePurpose.CERTIFICATION,
        certification.encode(),
        anchor -> {
          if (certification.anchorVersion() != anchor.version()) {
            throw new UntrustedPeerException(
                "a certification is made under the present version of the trust anchor");
          }
        });
  }

  @Override
  public Bytes signAnchor(SecretBytes administratorPin, TrustAnchor next)
      throws StrongroomException {
    return sign(
        administratorPin,
        SignaturePurpose.TRUST_ANCHOR,
        next.encode(),
        anchor -> {
          if (next.version() != anchor.version() + 1) {
            throw new TrustAnchorRefusedException();
          }
        });
  }

  private interface Check {
    void on(TrustAnchor anchor) throws StrongroomException;
  }

  private Bytes sign(
      SecretBytes administratorPin, SignaturePurpose purpose, Bytes message, Check check)
      throws StrongroomException {
    int ins = KeyStoreProtocol.INS_CERTIFY;
    return channel.onLogin(
        ins,
        Role.ADMINISTRATOR,
        12 * SMALL,
        login -> {
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          return application.change(
              administratorPin,
              state -> {
                TrustAnchor anchor = OrderIssue.requireAnchor(state, ins);
                if (!state.isRootOf(anchor)) {
                  throw new ConditionsNotSatisfiedException(
                      ins, "it is none of the roots of its trust anchor");
                }
                check.on(anchor);
                return IdentitySignature.sign(
                    login.identity().signing().privateKey(), purpose, message.toByteArray());
              });
        });
  }
}
