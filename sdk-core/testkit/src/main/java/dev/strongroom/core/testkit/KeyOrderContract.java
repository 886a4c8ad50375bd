// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static dev.strongroom.core.testkit.SoftwareAdministrator.entry;
import static dev.strongroom.core.testkit.SoftwareAdministrator.record;
import static dev.strongroom.core.testkit.SoftwareAdministrator.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyGroupNotFoundException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.KeyStoreStatus.Administration;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.Lease;
import dev.strongroom.core.keys.OrderEntry;
import dev.strongroom.core.keys.OrderHead;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderReceipt;
import dev.strongroom.core.keys.OrderRequest;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.core.keys.SignedReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * An element that is administered by orders: {@code docs/spec/key-store.md}, 1, 5 and 6. Part of
 * {@link ElementContract}.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class KeyOrderContract extends KeyAlgorithmContract {

  static final int ANCHOR = 3;
  static final Lease LEASE = Lease.of(5, new ElementTime(NOW + 10_000), 500, 60);

  private final RootAuthority authority = RootAuthority.of(1);
  final SoftwareAdministrator administrator = new SoftwareAdministrator(authority);

  KeyOrderContract() {}

  /** An element with a trust anchor, which is administered from then on. */
  ElementSession enrolled() throws Exception {
    requireCapability(Capability.KEY_ORDERS);
    initialize();
    element().setTrustAnchor(pin(ADMINISTRATOR_PIN), administrator.anchor(ANCHOR));
    return keyLogin();
  }

  OrderHead head(OrderPosition previous, long time) throws Exception {
    return administrator.head(element().identity(), ANCHOR, previous, new ElementTime(time));
  }

  final KeyOrder order(OrderHead head, SoftwareAdministrator.Part... entries) throws Exception {
    return administrator.order(head, element().identity().agreementKey(), entries);
  }

  OrderPosition apply(ElementSession session, KeyOrder order) throws Exception {
    return session
        .keys()
        .orders()
        .apply(administrator.chain(CertifiedRole.ADMINISTRATOR, ANCHOR), order);
  }

  final OrderPosition next(
      ElementSession session, OrderPosition after, SoftwareAdministrator.Part... entries)
      throws Exception {
    return apply(session, order(head(after, NOW), entries));
  }

  static SoftwareAdministrator.Part lease(Lease lease) {
    return entry(new OrderEntry.Grant(GROUP, lease));
  }

  static KeyAttributes member(int number, KeyUsage usage) {
    return inGroup(keyFor(number, usage), GROUP);
  }

  /** The value of a key that {@link #member} describes. */
  static SoftwareAdministrator.Part withValue(KeyAttributes key) {
    return value(key, countingSecret(1, key.algorithm().valueLength()));
  }

  @Test
  void anOrderBringsGroupsKeysLeasesAndTheTime() throws Exception {
    try (ElementSession session = enrolled()) {
      KeyStoreCommands store = session.keys().store();
      assertThat(store.status().administration()).isEqualTo(Administration.BY_ORDERS);
      KeyAttributes secret = member(1, KeyUsage.ENCRYPTION);
      KeyAttributes ec = inGroup(key(2, KeyAlgorithm.EC_P384, KeyUsage.SIGNATURE), GROUP);
      KeyAttributes gone =
          member(3, KeyUsage.MAC)
              .withState(KeyState.DESTROYED)
              .withPeriods(KeyPeriods.UNLIMITED.withDestruction(new ElementTime(NOW - 5)));
      KeyOrder order =
          order(
              head(OrderPosition.START, NOW),
              lease(LEASE),
              withValue(secret),
              withValue(ec),
              record(gone),
              entry(new OrderEntry.RemoveKey(id(8))),
              entry(new OrderEntry.RemoveGroup(OTHER_GROUP)));
      OrderPosition position = apply(session, order);
      assertThat(position).isEqualTo(OrderPosition.after(order));
      assertThat(store.keys(Optional.empty())).containsExactly(id(1), id(2), id(3));
      for (KeyAttributes key : List.of(secret, ec, gone)) {
        assertThat(store.read(key.id()).attributes()).isEqualTo(key);
      }
      assertThat(store.read(GROUP))
          .isEqualTo(new KeyGroup(GROUP, 1, GroupTerms.NONE, Optional.of(LEASE)));
      assertThat(store.status().floor().seconds()).isEqualTo(NOW);
      byte[] sealed = encrypted(session, HEAD, secret.id(), counting(1, 9));
      assertThat(decrypted(session, HEAD, secret.id(), sealed)).isEqualTo(counting(1, 9));

      // As when the first answer was lost; a second signature makes no second order.
      assertThat(apply(session, order)).isEqualTo(position);
      KeyOrder signedAgain = SoftwareAdministrator.signedOtherwise(order);
      assertThat(signedAgain.signature()).isNotEqualTo(order.signature());
      assertThat(apply(session, signedAgain)).isEqualTo(position);
      checkReceipt(session, position);
    }
    reopen();
    try (ElementSession session = keyLogin()) {
      assertThat(session.keys().orders().position(CHALLENGE).receipt().position().sequence())
          .isEqualTo(1);
      assertThat(session.keys().store().keys(Optional.empty())).hasSize(3);
    }
  }

  private void checkReceipt(ElementSession session, OrderPosition position) throws Exception {
    KeyStoreCommands store = session.keys().store();
    List<KeyAttributes> keys = new ArrayList<>();
    for (KeyId key : store.keys(Optional.empty())) {
      keys.add(store.read(key).attributes());
    }
    SignedReceipt said = session.keys().orders().position(CHALLENGE);
    ElementIdentity identity = element().identity();
    assertThat(said.isOf(identity.signingKey(), CHALLENGE)).isTrue();
    assertThat(said.receipt())
        .isEqualTo(
            new OrderReceipt(
                ANCHOR,
                identity.serialNumber(),
                position,
                new ElementTime(NOW),
                keys.size(),
                1,
                OrderReceipt.stateRoot(keys, List.of(store.read(GROUP))),
                CHALLENGE));
    assertThat(SignedReceipt.parse(said.encode())).isEqualTo(said);
  }

  @Test
  void ordersAreAppliedOnceInTheirOrderAndFromOneStream() throws Exception {
    try (ElementSession session = enrolled()) {
      KeyOrder first = order(head(OrderPosition.START, NOW), lease(LEASE));
      OrderPosition one = apply(session, first);
      KeyRefusal missing =
          refused(
              RefusalReason.ORDER_MISSING,
              () ->
                  next(
                      session,
                      new OrderPosition(2, one.digest()),
                      entry(new OrderEntry.RemoveKey(id(1)))));
      assertThat(missing.bound()).isEqualTo(2);
      assertThat(missing.found()).isEqualTo(3);
      KeyRefusal forked =
          refused(
              RefusalReason.ORDER_FORKED,
              () ->
                  next(
                      session,
                      new OrderPosition(1, REASON),
                      entry(new OrderEntry.RemoveKey(id(1)))));
      assertThat(forked.bound()).isEqualTo(1);
      assertThat(forked.found()).isEqualTo(2);
      OrderPosition two = next(session, one, entry(new OrderEntry.RemoveKey(id(1))));
      KeyRefusal replayed = refused(RefusalReason.ORDER_REPLAYED, () -> apply(session, first));
      assertThat(replayed.bound()).isEqualTo(2);
      assertThat(replayed.found()).isEqualTo(1);
      // Another order in the place of the last one.
      refused(
          RefusalReason.ORDER_REPLAYED,
          () -> next(session, one, entry(new OrderEntry.RemoveKey(id(2)))));
      assertThat(session.keys().orders().position(CHALLENGE).receipt().position()).isEqualTo(two);
    }
  }

  @Test
  void onlyTheAdministratorOfThePresentAnchorOrders() throws Exception {
    try (ElementSession session = enrolled()) {
      OrderHead head = head(OrderPosition.START, NOW);
      KeyOrder right = order(head, lease(LEASE));
      SoftwareAdministrator stranger = new SoftwareAdministrator(RootAuthority.of(1));
      SoftwareAdministrator colleague = new SoftwareAdministrator(authority);
      var orders = session.keys().orders();
      for (var chain :
          List.of(
              administrator.chain(CertifiedRole.USER, ANCHOR),
              administrator.chain(CertifiedRole.ADMINISTRATOR, ANCHOR + 1),
              colleague.chain(CertifiedRole.ADMINISTRATOR, ANCHOR),
              stranger.chain(CertifiedRole.ADMINISTRATOR, ANCHOR))) {
        KeyRefusal refusal = refused(RefusalReason.ORDER_SENDER, () -> orders.apply(chain, right));
        assertThat(refusal.bound()).isEqualTo(ANCHOR);
        assertThat(refusal.found()).isEqualTo(ANCHOR);
      }
      KeyOrder later =
          administrator.order(
              administrator.head(
                  element().identity(), ANCHOR + 1, OrderPosition.START, new ElementTime(NOW)),
              element().identity().agreementKey(),
              lease(LEASE));
      assertThat(refused(RefusalReason.ORDER_SENDER, () -> apply(session, later)).found())
          .isEqualTo(ANCHOR + 1);
      byte[] signature = right.signature().toByteArray();
      signature[63] ^= 1;
      refused(
          RefusalReason.ORDER_SIGNATURE,
          () ->
              apply(
                  session,
                  new KeyOrder(
                      right.head(), right.enc(), right.entries(), Bytes.copyOf(signature))));
      refused(
          RefusalReason.ORDER_SIGNATURE,
          () ->
              apply(
                  session,
                  new KeyOrder(
                      head(OrderPosition.START, NOW + 1),
                      right.enc(),
                      right.entries(),
                      right.signature())));
      assertThat(session.keys().store().status().records()).isZero();
      assertThat(session.keys().store().status().floor().isSet()).isFalse();
    }
  }

  @Test
  void anOrderForAnotherElementIsRefused() throws Exception {
    try (ElementSession session = enrolled()) {
      OrderHead head = head(OrderPosition.START, NOW);
      for (OrderHead other :
          List.of(
              new OrderHead(
                  ANCHOR,
                  head.sender(),
                  head.senderKey(),
                  CHALLENGE,
                  head.receiverKeys(),
                  1,
                  head.previous(),
                  head.time()),
              new OrderHead(
                  ANCHOR,
                  head.sender(),
                  head.senderKey(),
                  head.receiver(),
                  REASON,
                  1,
                  head.previous(),
                  head.time()))) {
        refused(RefusalReason.ORDER_RECEIVER, () -> apply(session, order(other, lease(LEASE))));
      }
    }
  }

  @Test
  void anEntryThatDoesNotGoWithWhatIsThereStopsTheWholeOrder() throws Exception {
    try (ElementSession session = enrolled()) {
      KeyAttributes key =
          member(1, KeyUsage.MAC).withLimit(1000).withPeriods(periods(NOW, NOW + 100, NOW + 200));
      OrderPosition one = next(session, OrderPosition.START, lease(LEASE), withValue(key));
      Bytes root = session.keys().orders().position(CHALLENGE).receipt().stateRoot();
      record Case(RefusalReason reason, long bound, SoftwareAdministrator.Part entry) {}
      KeyAttributes unknown = member(2, KeyUsage.MAC);
      List<Case> cases =
          List.of(
              new Case(
                  RefusalReason.ORDER_GROUP,
                  0,
                  withValue(inGroup(keyFor(2, KeyUsage.MAC), OTHER_GROUP))),
              new Case(RefusalReason.ORDER_VALUE, 0, record(unknown)),
              new Case(RefusalReason.ORDER_VALUE, 0, value(key, countingSecret(2, 32))),
              new Case(RefusalReason.ORDER_VALUE, 0, withValue(key.withState(KeyState.SUSPENDED))),
              new Case(
                  RefusalReason.ORDER_VALUE,
                  0,
                  context -> new OrderEntry.Key(unknown, Optional.of(Bytes.copyOf(new byte[40])))),
              new Case(
                  RefusalReason.ORDER_VALUE,
                  0,
                  context ->
                      new OrderEntry.Key(
                          unknown, context.wrap(key, countingSecret(1, 32)).wrapped())),
              new Case(RefusalReason.TRANSITION, 0, record(key.withState(KeyState.PRE_ACTIVE))),
              new Case(RefusalReason.ATTRIBUTE, 1, record(withFlags(key, Set.of()))),
              new Case(RefusalReason.ATTRIBUTE, 1, record(inGroup(key, OTHER_GROUP))),
              new Case(RefusalReason.ATTRIBUTE, 5, record(key.withLimit(1001))),
              new Case(RefusalReason.ATTRIBUTE, 5, record(key.withLimit(0))),
              new Case(
                  RefusalReason.ATTRIBUTE,
                  2,
                  record(key.withPeriods(periods(NOW - 1, NOW + 100, NOW + 200)))),
              new Case(
                  RefusalReason.ATTRIBUTE,
                  3,
                  record(key.withPeriods(periods(NOW, NOW + 101, NOW + 200)))),
              new Case(
                  RefusalReason.ATTRIBUTE, 4, record(key.withPeriods(periods(NOW, NOW + 100, 0)))),
              new Case(RefusalReason.ORDER_LEASE, 5, lease(Lease.of(4, LEASE.until(), 500, 60))),
              new Case(RefusalReason.ORDER_LEASE, 5, lease(Lease.of(5, LEASE.until(), 501, 60))));
      for (Case each : cases) {
        KeyRefusal refusal =
            refused(
                each.reason(),
                () ->
                    apply(
                        session,
                        order(
                            head(one, NOW + 500),
                            entry(new OrderEntry.RemoveKey(id(9))),
                            each.entry())));
        assertThat(refusal.entry()).as("%s", each).hasValue(1);
        assertThat(refusal.bound()).as("%s", each).isEqualTo(each.bound());
      }
      SignedReceipt now = session.keys().orders().position(CHALLENGE);
      assertThat(now.receipt().stateRoot()).isEqualTo(root);
      assertThat(now.receipt().position()).isEqualTo(one);
      assertThat(now.receipt().floor().seconds()).isEqualTo(NOW);
    }
  }

  @Test
  void laterOrdersMoveStatesShortenDestroyAndRemove() throws Exception {
    try (ElementSession session = enrolled()) {
      KeyStoreCommands store = session.keys().store();
      KeyAttributes key = member(1, KeyUsage.ENCRYPTION).withState(KeyState.PRE_ACTIVE);
      OrderPosition at = next(session, OrderPosition.START, lease(LEASE), withValue(key));
      KeyAttributes active = key.withState(KeyState.ACTIVE).withPeriods(periods(NOW, NOW + 900, 0));
      at = next(session, at, record(active));
      byte[] sealed = encrypted(session, HEAD, key.id(), counting(1, 9));
      // Several transitions between one order and the next, and the value again.
      KeyAttributes shorter =
          active
              .withState(KeyState.DEACTIVATED)
              .withLimit(50_000)
              .withPeriods(periods(NOW, NOW + 800, NOW + 900));
      at = next(session, at, withValue(shorter));
      assertThat(store.read(key.id()).attributes()).isEqualTo(shorter);
      assertThat(decrypted(session, HEAD, key.id(), sealed)).isEqualTo(counting(1, 9));
      KeyAttributes scheduled =
          shorter.withPeriods(shorter.periods().withDestruction(new ElementTime(NOW + 600)));
      at = next(session, at, record(scheduled));
      refused(
          RefusalReason.DESTRUCTION_SCHEDULED, () -> decrypted(session, HEAD, key.id(), sealed));
      // The floor of an order that is about something else.
      OrderPosition destroyed =
          apply(session, order(head(at, NOW + 600), entry(new OrderEntry.RemoveKey(id(9)))));
      assertThat(store.read(key.id()).attributes().state()).isEqualTo(KeyState.DESTROYED);
      refused(RefusalReason.STATE, () -> decrypted(session, HEAD, key.id(), sealed));
      at = next(session, destroyed, withValue(member(2, KeyUsage.MAC)));
      // A floor never goes back.
      assertThat(store.status().floor().seconds()).isEqualTo(NOW + 600);
      at = next(session, at, entry(new OrderEntry.RemoveKey(key.id())));
      assertThatThrownBy(() -> store.read(key.id())).isInstanceOf(KeyNotFoundException.class);
      next(session, at, entry(new OrderEntry.RemoveGroup(GROUP)));
      assertThatThrownBy(() -> store.read(GROUP)).isInstanceOf(KeyGroupNotFoundException.class);
      assertThat(store.status().records()).isZero();
    }
  }

  @Test
  void aLeaseEndsByTimeUsesAndPowerCyclesAndProcessingGoesOn() throws Exception {
    KeyAttributes key = member(1, KeyUsage.ENCRYPTION);
    byte[] sealed;
    OrderPosition at;
    try (ElementSession session = enrolled()) {
      at =
          next(
              session,
              OrderPosition.START,
              lease(Lease.of(1, new ElementTime(NOW + 10), 3, 2)),
              withValue(key));
      sealed = encrypted(session, HEAD, key.id(), counting(1, 9));
      encrypted(session, at(NOW + 9), key.id(), new byte[1]);
      encrypted(session, HEAD, key.id(), new byte[1]);
      KeyRefusal uses =
          refused(RefusalReason.LEASE_USES, () -> encrypted(session, HEAD, key.id(), new byte[1]));
      assertThat(uses.bound()).isEqualTo(3);
      KeyRefusal over =
          refused(
              RefusalReason.LEASE_TIME,
              () -> encrypted(session, at(NOW + 10), key.id(), new byte[1]));
      assertThat(over.bound()).isEqualTo(NOW + 10);
      assertThat(over.found()).isEqualTo(NOW + 10);
      decrypted(session, HEAD, key.id(), sealed);
      at = next(session, at, lease(Lease.of(2, new ElementTime(NOW + 1000), 300, 2)));
      encrypted(session, HEAD, key.id(), new byte[1]);
    }
    reopen();
    try (ElementSession session = keyLogin()) {
      encrypted(session, HEAD, key.id(), new byte[1]);
      assertThat(session.keys().store().read(GROUP).lease().orElseThrow().powerUps()).isZero();
    }
    reopen();
    try (ElementSession session = keyLogin()) {
      refused(RefusalReason.LEASE_POWER_UPS, () -> encrypted(session, HEAD, key.id(), new byte[1]));
      decrypted(session, HEAD, key.id(), sealed);
      next(session, at, lease(Lease.of(3, ElementTime.MAX, Lease.UNLIMITED_USES, 1)));
      encrypted(session, HEAD, key.id(), new byte[1]);
    }
  }

  @Test
  void anAdministeredElementChangesByOrdersOnly() throws Exception {
    try (ElementSession session = enrolled()) {
      KeyAttributes key = member(1, KeyUsage.MAC);
      next(session, OrderPosition.START, lease(LEASE), withValue(key));
      KeyStoreCommands store = session.keys().store();
      KeyId id = key.id();
      ElementTime time = new ElementTime(NOW + 1);
      refused(RefusalReason.ADMINISTERED, () -> store.generate(keyFor(2, KeyUsage.MAC)));
      refused(
          RefusalReason.ADMINISTERED,
          () -> store.importKey(keyFor(2, KeyUsage.MAC), countingSecret(1, 32)));
      refused(
          RefusalReason.ADMINISTERED,
          () -> store.setState(id, KeyState.ACTIVE, KeyState.SUSPENDED));
      refused(RefusalReason.ADMINISTERED, () -> store.scheduleDestruction(id, time));
      refused(RefusalReason.ADMINISTERED, () -> store.cancelDestruction(id));
      refused(RefusalReason.ADMINISTERED, () -> store.shorten(id, KeyShortening.NONE));
      refused(RefusalReason.ADMINISTERED, () -> store.remove(id));
      refused(RefusalReason.ADMINISTERED, () -> store.setFloor(time));
      refused(RefusalReason.ADMINISTERED, () -> store.putGroup(GROUP, FREE));
      refused(RefusalReason.ADMINISTERED, () -> store.remove(GROUP));
      refused(
          RefusalReason.ADMINISTERED,
          () ->
              session
                  .keys()
                  .orders()
                  .issue(
                      administrator.chain(CertifiedRole.ADMINISTRATOR, ANCHOR),
                      OrderPosition.START,
                      List.of(new OrderRequest.Key(id, OrderRequest.Value.INCLUDED, 0))));
      assertThat(store.read(id).attributes()).isEqualTo(key);
    }
  }

  @Test
  void anElementWithKeysIsNotEnrolledAndAnUpdateOfTheAnchorLeavesThem() throws Exception {
    requireCapability(Capability.KEY_ORDERS);
    initialize();
    try (ElementSession session = keyLogin()) {
      assertThatThrownBy(() -> session.keys().orders().position(CHALLENGE))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      assertThatThrownBy(
              () -> next(session, OrderPosition.START, entry(new OrderEntry.RemoveKey(id(1)))))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      session.keys().store().putGroup(GROUP, FREE);
      assertThatThrownBy(
              () -> element().setTrustAnchor(pin(ADMINISTRATOR_PIN), administrator.anchor(ANCHOR)))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      session.keys().store().remove(GROUP);
      session.keys().store().setFloor(new ElementTime(NOW));
      element().setTrustAnchor(pin(ADMINISTRATOR_PIN), administrator.anchor(ANCHOR));
      assertThat(session.keys().store().status().floor().isSet()).isFalse();
      OrderPosition at =
          next(session, OrderPosition.START, lease(LEASE), withValue(member(1, KeyUsage.MAC)));
      Bytes root = session.keys().orders().position(CHALLENGE).receipt().stateRoot();
      TrustAnchor later = administrator.anchor(ANCHOR + 1);
      session.updateTrustAnchor(authority.update(later, new int[] {0}, authority, new int[] {0}));
      OrderReceipt now = session.keys().orders().position(CHALLENGE).receipt();
      assertThat(now.anchorVersion()).isEqualTo(ANCHOR + 1);
      assertThat(now.stateRoot()).isEqualTo(root);
      assertThat(now.position()).isEqualTo(at);
      refused(
          RefusalReason.ORDER_SENDER,
          () -> next(session, at, entry(new OrderEntry.RemoveKey(id(1)))));
    }
  }
}
