// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.KeyGroupNotFoundException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttribute;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyDecision;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.LeaseGate;
import dev.strongroom.core.keys.OrderContext;
import dev.strongroom.core.keys.OrderEntry;
import dev.strongroom.core.keys.OrderHead;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderRequest;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.simulator.keystore.KeyMaterial;
import dev.strongroom.simulator.keystore.KeyTable;
import dev.strongroom.simulator.keystore.StoreDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ISSUE ORDER: an order out of the element's own records, for one receiver, {@code
 * docs/spec/key-store.md}, 6.3. The element keeps nothing of it.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link ElementApplication}.
 */
final class OrderIssue {

  private static final int INS = KeyStoreProtocol.INS_ISSUE_ORDER;

  /** Most bytes of an order. */
  private static final int MOST = 7168;

  private final ElementApplication application;
  private final IdentityKeys identity;
  private final OpenState state;
  private final StoreDraft store;
  private final TrustAnchor anchor;
  private final Certification receiver;

  private OrderIssue(
      ElementApplication application,
      IdentityKeys identity,
      OpenState state,
      TrustAnchor anchor,
      Certification receiver)
      throws StrongroomException {
    this.application = application;
    this.identity = identity;
    this.state = state;
    this.store = application.draft(state);
    this.anchor = anchor;
    this.receiver = receiver;
  }

  /** Makes an order. */
  static KeyOrder make(
      ElementApplication application,
      Login login,
      CertificationChain chain,
      OrderPosition previous,
      List<OrderRequest> requests)
      throws StrongroomException {
    return application.read(
        login,
        state -> {
          if (state.administration() != KeyTable.Administration.BY_ITSELF) {
            throw KeyRefusedException.of(KeyRefusal.administered());
          }
          TrustAnchor anchor = requireAnchor(state, INS);
          if (!chain.isVouchedForBy(anchor)) {
            throw new UntrustedPeerException("its chain does not verify against the trust anchor");
          }
          return new OrderIssue(application, login.identity(), state, anchor, chain.element())
              .after(previous, requests);
        });
  }

  static TrustAnchor requireAnchor(OpenState state, int ins)
      throws ConditionsNotSatisfiedException {
    TrustAnchor anchor = state.disclosed().anchor();
    if (anchor == null) {
      throw new ConditionsNotSatisfiedException(ins, "it has no trust anchor");
    }
    return anchor;
  }

  private KeyOrder after(OrderPosition previous, List<OrderRequest> requests)
      throws StrongroomException {
    OrderHead head =
        new OrderHead(
            anchor.version(),
            state.image().serialNumber(),
            identity.signing().publicKey(),
            receiver.serialNumber(),
            OrderHead.digestOf(receiver.signingKey(), receiver.agreementKey()),
            previous.sequence() + 1,
            previous.digest(),
            state.floor());
    try (OrderContext context =
        OrderContext.sender(head, receiver.agreementKey(), application.random())) {
      List<OrderEntry> entries = new ArrayList<>(requests.size());
      boolean values = false;
      for (OrderRequest request : requests) {
        OrderEntry entry = entry(request, context, entries.size());
        values |= entry instanceof OrderEntry.Key key && key.wrapped().isPresent();
        entries.add(entry);
      }
      KeyOrder order =
          KeyOrder.sign(
              head,
              values ? context.enc() : KeyOrder.NO_ENC,
              entries,
              identity.signing().privateKey());
      if (order.encode().length() > MOST) {
        throw new UntrustedPeerException("the order would be longer than 7168 bytes");
      }
      return order;
    } catch (IllegalArgumentException e) {
      throw new UntrustedPeerException("no order has such entries: " + e.getMessage());
    }
  }

  private OrderEntry entry(OrderRequest request, OrderContext context, int index)
      throws StrongroomException {
    try {
      if (request instanceof OrderRequest.Key key) {
        return keyEntry(key, context);
      }
      OrderEntry entry = ((OrderRequest.Entry) request).entry();
      if (entry instanceof OrderEntry.Grant grant) {
        requireTerms(grant);
      }
      return entry;
    } catch (KeyRefusedException e) {
      throw KeyRefusedException.of(e.refusal().at(index));
    }
  }

  private OrderEntry keyEntry(OrderRequest.Key request, OrderContext context)
      throws StrongroomException {
    try (KeyMaterial key =
        store.key(request.key()).orElseThrow(() -> new KeyNotFoundException(request.key()))) {
      KeyAttributes present = key.attributes();
      if (request.limit() != 0 && present.limit() != 0 && request.limit() > present.limit()) {
        throw KeyRefusedException.of(KeyRefusal.of(KeyAttribute.LIMIT, present));
      }
      KeyAttributes named = request.limit() == 0 ? present : present.withLimit(request.limit());
      KeyGroup group = store.groupOf(key.record()).orElse(null);
      if (group == null) {
        throw notAMember(present, 0);
      }
      if (request.value() == OrderRequest.Value.LEFT_OUT) {
        return new OrderEntry.Key(named, Optional.empty());
      }
      requireDistribution(present);
      requireMember(present, group);
      return context.wrap(named, key.value());
    }
  }

  private void requireDistribution(KeyAttributes key) throws KeyRefusedException {
    KeyTable base = store.base();
    KeyDecision decision =
        KeyRules.decide(
            key,
            KeyOperation.DISTRIBUTE,
            new KeyCircumstances(
                base.floor(),
                application.managedKeys().now(base),
                Long.MAX_VALUE,
                new LeaseGate.NotNeeded(),
                Acknowledgement.NONE));
    if (decision instanceof KeyDecision.Refused refused) {
      throw KeyRefusedException.of(refused.refusal());
    }
  }

  private void requireMember(KeyAttributes key, KeyGroup group) throws KeyRefusedException {
    boolean member =
        receiver.role() == CertifiedRole.ADMINISTRATOR
            || receiver.groups().contains(group.id().bytes());
    if (!member || receiver.elementClass().compareTo(group.terms().leastClass()) < 0) {
      throw notAMember(key, group.terms().leastClass().number());
    }
  }

  private KeyRefusedException notAMember(KeyAttributes key, int leastClass) {
    return KeyRefusedException.of(
        KeyRefusal.of(
            RefusalReason.MEMBER, key.id().bytes(), leastClass, receiver.elementClass().number()));
  }

  private void requireTerms(OrderEntry.Grant grant) throws StrongroomException {
    GroupId id = grant.group();
    KeyGroup group = store.group(id).orElseThrow(() -> new KeyGroupNotFoundException(id));
    if (!group.terms().permit(grant.lease(), state.floor())) {
      Bytes subject = id.bytes();
      throw KeyRefusedException.of(
          KeyRefusal.of(RefusalReason.ATTRIBUTE, subject, KeyAttribute.TERMS.number(), 0));
    }
  }
}
