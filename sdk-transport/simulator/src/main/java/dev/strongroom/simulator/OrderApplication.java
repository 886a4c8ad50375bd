// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyDecision;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.KeyRecord;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.Lease;
import dev.strongroom.core.keys.OrderContext;
import dev.strongroom.core.keys.OrderEntry;
import dev.strongroom.core.keys.OrderHead;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.simulator.keystore.KeyMaterial;
import dev.strongroom.simulator.keystore.KeyValues;
import dev.strongroom.simulator.keystore.StoreDraft;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * APPLY ORDER: what an administrator has ordered becomes so, all of it or nothing, {@code
 * docs/spec/key-store.md}, 6.4. Position and floor go with the records, in one write.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link ElementApplication}.
 */
final class OrderApplication implements AutoCloseable {

  private static final int INS = KeyStoreProtocol.INS_APPLY_ORDER;

  private final OpenState state;
  private final StoreDraft draft;
  private final @Nullable OrderContext context;

  private OrderApplication(OpenState state, StoreDraft draft, @Nullable OrderContext context) {
    this.state = state;
    this.draft = draft;
    this.context = context;
  }

  /** Applies an order, if it is the next one; gives the position afterwards. */
  static OrderPosition apply(
      ElementApplication application, Login login, CertificationChain chain, KeyOrder order)
      throws StrongroomException {
    return application.change(
        login,
        state -> {
          TrustAnchor anchor = OrderIssue.requireAnchor(state, INS);
          IdentityKeys own = login.identity();
          Optional<KeyRefusal> refusal =
              order.refusal(
                  anchor,
                  chain,
                  state.image().serialNumber(),
                  OrderHead.digestOf(own.signing().publicKey(), own.agreement().publicKey()),
                  state.position());
          if (refusal.isPresent()) {
            throw KeyRefusedException.of(refusal.get());
          }
          if (!state.position().isOf(order)) {
            try (OrderApplication applying =
                new OrderApplication(state, application.draft(state), context(order, own))) {
              applying.apply(order);
            }
          }
          return state.position();
        });
  }

  /** What unwraps values, null for an order without. */
  private static @Nullable OrderContext context(KeyOrder order, IdentityKeys own)
      throws StatusWordException {
    if (order.enc().equals(KeyOrder.NO_ENC)) {
      return null;
    }
    try {
      return OrderContext.receiver(order, HpkeKeyPair.of(own.agreement()));
    } catch (IllegalArgumentException e) {
      throw new StatusWordException(INS, StatusWord.WRONG_DATA);
    }
  }

  private void apply(KeyOrder order) throws StrongroomException {
    int index = 0;
    for (OrderEntry entry : order.entries()) {
      try {
        apply(entry);
      } catch (KeyRefusedException e) {
        throw KeyRefusedException.of(e.refusal().at(index));
      }
      index++;
    }
    state.setFloor(state.floor().max(order.head().time()));
    draft.destroyDue(state.floor());
    state.setPosition(OrderPosition.after(order));
  }

  private void apply(OrderEntry entry) throws StrongroomException {
    if (entry instanceof OrderEntry.Key key) {
      applyKey(key);
    } else if (entry instanceof OrderEntry.Grant grant) {
      applyLease(grant.group(), grant.lease());
    } else if (entry instanceof OrderEntry.RemoveKey removed) {
      draft.remove(removed.key());
    } else if (entry instanceof OrderEntry.RemoveGroup removed) {
      removeGroup(removed.group());
    }
  }

  private void applyKey(OrderEntry.Key entry) throws StrongroomException {
    KeyAttributes ordered = entry.attributes();
    try (KeyMaterial present = draft.key(ordered.id()).orElse(null)) {
      if (present == null) {
        KeyGroup group = requireGroup(ordered);
        require(KeyRules.accept(Optional.empty(), entry));
        make(entry, group);
      } else {
        require(KeyRules.accept(Optional.of(present.attributes()), entry));
        requireSameValue(entry, present);
        try (KeyMaterial next = present.with(ordered)) {
          draft.put(next);
        }
      }
    }
  }

  private KeyGroup requireGroup(KeyAttributes key) throws KeyRefusedException {
    Optional<KeyGroup> group = key.group().flatMap(draft::group);
    if (group.isEmpty() || draft.isTaken(key.id())) {
      throw refused(RefusalReason.ORDER_GROUP, key.id().bytes(), 0, 0);
    }
    return group.get();
  }

  private void make(OrderEntry.Key entry, KeyGroup group) throws StrongroomException {
    KeyAttributes key = entry.attributes();
    try (SecretBytes value =
        entry.wrapped().isPresent()
            ? value(entry)
            : SecretBytes.adopt(new byte[key.algorithm().valueLength()])) {
      draft.put(new KeyMaterial(new KeyRecord(key, group.index(), 0, value.length()), value));
    }
  }

  private void requireSameValue(OrderEntry.Key entry, KeyMaterial present)
      throws KeyRefusedException {
    if (entry.wrapped().isPresent()) {
      try (SecretBytes value = value(entry)) {
        if (value.length() != present.value().length() || !value.matches(present.value())) {
          throw refused(RefusalReason.ORDER_VALUE, entry.attributes().id().bytes(), 0, 0);
        }
      }
    }
  }

  /** The value of an entry that has one. */
  private SecretBytes value(OrderEntry.Key entry) throws KeyRefusedException {
    KeyAttributes key = entry.attributes();
    Optional<SecretBytes> unwrapped = context == null ? Optional.empty() : context.unwrap(entry);
    if (unwrapped.isPresent()) {
      try (SecretBytes value = unwrapped.get()) {
        Optional<SecretBytes> accepted = KeyValues.accept(key.algorithm(), value);
        if (accepted.isPresent()) {
          return accepted.get();
        }
      }
    }
    throw refused(RefusalReason.ORDER_VALUE, key.id().bytes(), 0, 0);
  }

  private void applyLease(GroupId id, Lease lease) throws StrongroomException {
    Optional<KeyGroup> group = draft.group(id);
    Optional<Lease> present = group.flatMap(KeyGroup::lease);
    if (group.isEmpty() && draft.isTaken(id)) {
      throw refused(RefusalReason.ORDER_LEASE, id.bytes(), 0, lease.number());
    }
    require(KeyRules.accept(id, present, lease));
    if (present.isPresent() && present.get().number() == lease.number()) {
      return;
    }
    KeyGroup known = group.isPresent() ? group.get() : draft.makeGroup(id, GroupTerms.NONE);
    draft.put(known.withLease(lease));
    draft.renewed(id);
  }

  private void removeGroup(GroupId id) throws StrongroomException {
    Optional<KeyGroup> group = draft.group(id);
    if (group.isPresent()) {
      for (KeyId key : draft.keysOf(group.get())) {
        draft.remove(key);
      }
      draft.remove(group.get());
    }
  }

  private static void require(KeyDecision decision) throws KeyRefusedException {
    if (decision instanceof KeyDecision.Refused refused) {
      throw KeyRefusedException.of(refused.refusal());
    }
  }

  private static KeyRefusedException refused(
      RefusalReason reason, Bytes subject, long bound, long found) {
    return KeyRefusedException.of(KeyRefusal.of(reason, subject, bound, found));
  }

  /** Zeroes the keys of the order. */
  @Override
  public void close() {
    if (context != null) {
      context.close();
    }
  }
}
