// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static dev.strongroom.core.testkit.SoftwareAdministrator.entry;
import static dev.strongroom.core.testkit.SoftwareAdministrator.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.LeaseOverException;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.Signatures;
import dev.strongroom.core.identity.SignedCertification;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.Lease;
import dev.strongroom.core.keys.OrderEntry;
import dev.strongroom.core.keys.OrderHead;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderRequest;
import dev.strongroom.core.keys.RefusalReason;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a host gets by lying, line by line: {@code docs/spec/key-store.md}, 10. Part of {@link
 * ElementContract}.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class KeyLyingHostContract extends KeyIssuingContract {

  KeyLyingHostContract() {}

  @Test
  void aFrozenClockProtectsUntilTheUsesOfTheLeaseAreGone() throws Exception {
    KeyAttributes key = member(1, KeyUsage.ENCRYPTION);
    int given = 5;
    int used = 0;
    try (ElementSession session = enrolled()) {
      Lease lease = Lease.of(1, new ElementTime(NOW + 10), given, 3);
      next(session, OrderPosition.START, lease(lease), withValue(key));
    }
    // A time that is too early, none at all, and power off and on as often as it likes.
    for (int powerUp = 0; powerUp < 6; powerUp++) {
      reopen();
      try (ElementSession session = keyLogin()) {
        for (int i = 0; i < 2; i++) {
          try {
            encrypted(session, at(i == 0 ? 1 : 0), key.id(), new byte[1]);
            used++;
          } catch (LeaseOverException e) {
            assertThat(e.key()).contains(key.id());
          }
        }
      }
    }
    assertThat(used).isBetween(1, given);
  }

  @Test
  void aClockThatIsFastEndsProtectionUntilTheNextPowerUpAndNothingElse() throws Exception {
    KeyAttributes key =
        member(1, KeyUsage.ENCRYPTION).withPeriods(periods(NOW, NOW + 500, NOW + 900));
    byte[] sealed;
    Bytes root;
    try (ElementSession session = enrolled()) {
      next(session, OrderPosition.START, lease(LEASE), withValue(key));
      sealed = encrypted(session, HEAD, key.id(), counting(1, 9));
      root = session.keys().orders().position(CHALLENGE).receipt().stateRoot();
      refused(
          RefusalReason.ORIGINATOR_PERIOD,
          () -> encrypted(session, at(ElementTime.MAX.seconds()), key.id(), new byte[1]));
      session.keys().store().tellTime(ElementTime.MAX);
      refused(
          RefusalReason.ORIGINATOR_PERIOD, () -> encrypted(session, HEAD, key.id(), new byte[1]));
      assertThat(decrypted(session, HEAD, key.id(), sealed)).isEqualTo(counting(1, 9));
    }
    reopen();
    try (ElementSession session = keyLogin()) {
      assertThat(session.keys().orders().position(CHALLENGE).receipt().stateRoot()).isEqualTo(root);
      encrypted(session, HEAD, key.id(), new byte[1]);
    }
  }

  @Test
  void ordersThatAreWithheldEndProtectionAndNotProcessing() throws Exception {
    try (ElementSession session = enrolled()) {
      KeyAttributes key = member(1, KeyUsage.ENCRYPTION);
      next(
          session,
          OrderPosition.START,
          lease(Lease.of(1, new ElementTime(NOW + 100), 500, 60)),
          withValue(key));
      byte[] sealed = encrypted(session, HEAD, key.id(), counting(1, 9));
      refused(
          RefusalReason.LEASE_TIME, () -> encrypted(session, at(NOW + 100), key.id(), new byte[1]));
      assertThat(decrypted(session, at(NOW + 900_000), key.id(), sealed)).isEqualTo(counting(1, 9));
    }
  }

  @Test
  void anOrderIsAppliedOnceThoughTheHostWasRestored() throws Exception {
    try (ElementSession session = enrolled()) {
      KeyOrder first = order(head(OrderPosition.START, NOW), lease(LEASE));
      OrderPosition one = apply(session, first);
      KeyOrder second = order(head(one, NOW), withValue(member(1, KeyUsage.MAC)));
      OrderPosition two = apply(session, second);
      KeyOrder third = order(head(two, NOW), record(member(1, KeyUsage.MAC)));
      refused(RefusalReason.ORDER_REPLAYED, () -> apply(session, first));
      assertThat(apply(session, second)).isEqualTo(two);
      apply(session, third);
      refused(RefusalReason.ORDER_REPLAYED, () -> apply(session, second));
    }
  }

  @Test
  void anOrderForTheElementBeforeItWasWipedIsForAnother() throws Exception {
    KeyOrder before;
    try (ElementSession session = enrolled()) {
      before = order(head(OrderPosition.START, NOW), lease(LEASE));
      apply(session, before);
    }
    element().wipe(pin(ADMINISTRATOR_PIN));
    try (ElementSession session = enrolled()) {
      refused(RefusalReason.ORDER_RECEIVER, () -> apply(session, before));
      assertThat(session.keys().orders().position(CHALLENGE).receipt().position())
          .isEqualTo(OrderPosition.START);
    }
  }

  @Test
  void aWrappedValueFitsNoOtherEntryAndNoOtherOrder() throws Exception {
    try (ElementSession session = enrolled()) {
      KeyAttributes key = member(1, KeyUsage.MAC);
      KeyAttributes other = member(2, KeyUsage.MAC);
      KeyOrder right = order(head(OrderPosition.START, NOW), lease(LEASE), withValue(key));
      Optional<Bytes> wrapped = ((OrderEntry.Key) right.entries().get(1)).wrapped();
      List<OrderEntry> moved = List.of(right.entries().get(0), new OrderEntry.Key(other, wrapped));
      refused(
          RefusalReason.ORDER_SIGNATURE,
          () -> apply(session, new KeyOrder(right.head(), right.enc(), moved, right.signature())));
      // Even if the administrator's host had it signed.
      for (OrderHead head :
          List.of(head(OrderPosition.START, NOW), head(OrderPosition.START, NOW + 1))) {
        KeyAttributes named = head.equals(right.head()) ? other : key;
        KeyRefusal refusal =
            refused(
                RefusalReason.ORDER_VALUE,
                () ->
                    apply(
                        session,
                        administrator.sign(
                            head,
                            right.enc(),
                            List.of(right.entries().get(0), new OrderEntry.Key(named, wrapped)))));
        assertThat(refusal.entry()).hasValue(1);
      }
      apply(session, right);
    }
  }

  @Test
  void noRecordIsOlderThanTheEnrolment() throws Exception {
    requireCapability(Capability.KEY_ORDERS);
    initialize();
    try (ElementSession session = keyLogin()) {
      session.keys().store().importKey(keyFor(1, KeyUsage.MAC), countingSecret(1, 32));
      assertThatThrownBy(
              () -> element().setTrustAnchor(pin(ADMINISTRATOR_PIN), administrator.anchor(ANCHOR)))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      assertThat(element().trustAnchor()).isEmpty();
    }
  }

  @Test
  void theCertificationOfALeaverEndsWithTheNextAnchor() throws Exception {
    try (ElementSession session = root()) {
      session.keys().store().putGroup(GROUP, FREE);
      session.keys().store().generate(member(1, KeyUsage.MAC));
      P256.Pair leaver = P256.generate(new SecureRandom());
      Certification said =
          new Certification(
              CertifiedRole.USER,
              ElementClass.SOFTWARE,
              CHALLENGE,
              leaver.publicKey(),
              leaver.publicKey(),
              1,
              List.of(GROUP.bytes()));
      CertificationChain chain =
          new CertificationChain(
              List.of(
                  new SignedCertification(
                      said,
                      Signatures.of(
                          session.keys().orders().certify(pin(ADMINISTRATOR_PIN), said)))));
      List<OrderRequest> request =
          List.of(new OrderRequest.Key(id(1), OrderRequest.Value.INCLUDED, 0));
      session.keys().orders().issue(chain, OrderPosition.START, request);
      TrustAnchor next = new TrustAnchor(2, 1, List.of(element().identity().signingKey()));
      Signatures signed =
          Signatures.of(session.keys().orders().signAnchor(pin(ADMINISTRATOR_PIN), next));
      session.updateTrustAnchor(new TrustAnchorUpdate(next, signed, signed));
      assertThatThrownBy(() -> session.keys().orders().issue(chain, OrderPosition.START, request))
          .isInstanceOf(UntrustedPeerException.class);
    }
  }

  @Test
  void aHostNamesNoAttributesForAMemberAndNoHigherLimit() throws Exception {
    try (ElementSession session = root()) {
      session.keys().store().putGroup(GROUP, FREE);
      session.keys().store().generate(member(1, KeyUsage.MAC).withLimit(100));
      Certification said =
          new Certification(
              CertifiedRole.ADMINISTRATOR,
              ElementClass.SOFTWARE,
              CHALLENGE,
              element().identity().signingKey(),
              element().identity().agreementKey(),
              1,
              List.of());
      CertificationChain chain =
          new CertificationChain(
              List.of(
                  new SignedCertification(
                      said,
                      Signatures.of(
                          session.keys().orders().certify(pin(ADMINISTRATOR_PIN), said)))));
      KeyRefusal refusal =
          refused(
              RefusalReason.ATTRIBUTE,
              () ->
                  session
                      .keys()
                      .orders()
                      .issue(
                          chain,
                          OrderPosition.START,
                          List.of(new OrderRequest.Key(id(1), OrderRequest.Value.INCLUDED, 101))));
      assertThat(refusal.bound()).isEqualTo(5);
    }
  }

  @Test
  void aMembersHostCanNeitherForgeNorProlongWhatItHas() throws Exception {
    try (ElementSession session = enrolled()) {
      KeyAttributes key =
          member(1, KeyUsage.MAC)
              .withLimit(10)
              .withState(KeyState.DEACTIVATED)
              .withPeriods(periods(NOW, NOW + 10, NOW + 20));
      OrderPosition at = next(session, OrderPosition.START, lease(LEASE), withValue(key));
      SoftwareAdministrator forger = new SoftwareAdministrator(RootAuthority.of(1));
      for (KeyAttributes wanted :
          List.of(
              key.withState(KeyState.ACTIVE),
              key.withLimit(1000),
              key.withPeriods(KeyPeriods.UNLIMITED))) {
        OrderHead head = forger.head(element().identity(), ANCHOR, at, new ElementTime(NOW));
        KeyOrder forged = forger.order(head, element().identity().agreementKey(), record(wanted));
        refused(
            RefusalReason.ORDER_SENDER,
            () ->
                session
                    .keys()
                    .orders()
                    .apply(forger.chain(CertifiedRole.ADMINISTRATOR, ANCHOR), forged));
        refused(RefusalReason.ORDER_SENDER, () -> apply(session, forged));
      }
      refused(
          RefusalReason.STATE,
          () ->
              session
                  .keys()
                  .use()
                  .makeMac(ACKNOWLEDGED, key.id(), buffer(), ByteBuffer.allocate(64)));
      assertThat(session.keys().store().read(key.id()).attributes()).isEqualTo(key);
      next(session, at, entry(new OrderEntry.RemoveKey(key.id())));
      assertThatThrownBy(() -> session.keys().use().confirm(key.id(), CHALLENGE))
          .isInstanceOf(KeyNotFoundException.class);
    }
  }
}
