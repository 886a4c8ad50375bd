// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.ElementKeys;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyGroupNotFoundException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyStoreStatus.Administration;
import dev.strongroom.core.device.TrustAnchorRefusedException;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.Signatures;
import dev.strongroom.core.identity.SignedCertification;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.Lease;
import dev.strongroom.core.keys.OrderContext;
import dev.strongroom.core.keys.OrderEntry;
import dev.strongroom.core.keys.OrderHead;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderRequest;
import dev.strongroom.core.keys.OrderRequest.Value;
import dev.strongroom.core.keys.RefusalReason;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * An element that administers others: {@code docs/spec/key-store.md}, 1, 6.3 and 9.1. Part of
 * {@link ElementContract}.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class KeyIssuingContract extends KeyOrderContract {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes MEMBER = Bytes.parse("ffeeddccbbaa99887766554433221100");
  private static final GroupTerms TERMS =
      new GroupTerms(
          GroupTerms.Imports.PERMITTED,
          ElementClass.SOFTWARE,
          GroupTerms.UNLIMITED,
          GroupTerms.UNLIMITED,
          1000,
          500,
          10);

  private final P256.Pair memberSigning = P256.generate(RANDOM);
  private final P256.Pair memberAgreement = P256.generate(RANDOM);

  KeyIssuingContract() {}

  /** An element that is the one root of its own trust. */
  ElementSession root() throws Exception {
    requireCapability(Capability.CERTIFYING);
    initialize();
    element()
        .setTrustAnchor(
            pin(ADMINISTRATOR_PIN),
            new TrustAnchor(1, 1, List.of(element().identity().signingKey())));
    return keyLogin();
  }

  private Certification member(CertifiedRole role, ElementClass elementClass, GroupId... groups) {
    return new Certification(
        role,
        elementClass,
        MEMBER,
        memberSigning.publicKey(),
        memberAgreement.publicKey(),
        1,
        List.of(groups).stream().map(GroupId::bytes).toList());
  }

  private static CertificationChain certified(ElementSession session, Certification certification)
      throws Exception {
    Bytes signature = session.keys().orders().certify(pin(ADMINISTRATOR_PIN), certification);
    return new CertificationChain(
        List.of(new SignedCertification(certification, Signatures.of(signature))));
  }

  private static OrderRequest with(KeyId key) {
    return new OrderRequest.Key(key, Value.INCLUDED, 0);
  }

  private static OrderRequest lease(long until, long uses, int powerUps) {
    return new OrderRequest.Entry(
        new OrderEntry.Grant(GROUP, Lease.of(1, new ElementTime(until), uses, powerUps)));
  }

  @Test
  void anOrderIsMadeOutOfTheElementsRecordsForOneMember() throws Exception {
    try (ElementSession session = root()) {
      ElementKeys keys = session.keys();
      assertThat(keys.store().status().administration()).isEqualTo(Administration.BY_ITSELF);
      keys.store().setFloor(new ElementTime(NOW));
      keys.store().putGroup(GROUP, TERMS);
      KeyAttributes limited = member(1, KeyUsage.ENCRYPTION);
      KeyAttributes ec = inGroup(key(2, KeyAlgorithm.EC_P384, KeyUsage.SIGNATURE), GROUP);
      keys.store().importKey(limited, countingSecret(7, 32));
      keys.store().importKey(ec, countingSecret(9, 48));
      CertificationChain chain =
          certified(session, member(CertifiedRole.USER, ElementClass.SOFTWARE, GROUP));
      OrderPosition previous = new OrderPosition(41, REASON);
      KeyOrder order =
          keys.orders()
              .issue(
                  chain,
                  previous,
                  List.of(
                      lease(NOW + 1000, 500, 10),
                      new OrderRequest.Key(id(1), Value.INCLUDED, 77),
                      with(id(2)),
                      new OrderRequest.Key(id(1), Value.LEFT_OUT, 0),
                      new OrderRequest.Entry(new OrderEntry.RemoveKey(id(9))),
                      new OrderRequest.Entry(new OrderEntry.RemoveGroup(OTHER_GROUP))));
      ElementIdentity own = element().identity();
      assertThat(order.head())
          .isEqualTo(
              new OrderHead(
                  1,
                  own.serialNumber(),
                  own.signingKey(),
                  MEMBER,
                  OrderHead.digestOf(memberSigning.publicKey(), memberAgreement.publicKey()),
                  42,
                  REASON,
                  new ElementTime(NOW)));
      byte[] encoded = order.encode().toByteArray();
      assertThat(
              IdentitySignature.verifies(
                  own.signingKey(),
                  SignaturePurpose.ORDER,
                  Arrays.copyOf(encoded, encoded.length - 64),
                  order.signature()))
          .isTrue();
      OrderEntry.Key first = (OrderEntry.Key) order.entries().get(1);
      OrderEntry.Key second = (OrderEntry.Key) order.entries().get(2);
      assertThat(first.attributes()).isEqualTo(imported(limited).withLimit(77));
      assertThat(second.attributes()).isEqualTo(imported(ec));
      assertThat(order.entries().get(3))
          .isEqualTo(new OrderEntry.Key(imported(limited), Optional.empty()));
      try (OrderContext context = OrderContext.receiver(order, HpkeKeyPair.of(memberAgreement));
          SecretBytes one = context.unwrap(first).orElseThrow();
          SecretBytes two = context.unwrap(second).orElseThrow()) {
        assertThat(clear(one)).isEqualTo(Bytes.copyOf(counting(7, 32)));
        assertThat(clear(two)).isEqualTo(Bytes.copyOf(counting(9, 48)));
      }
    }
  }

  @Test
  void aValueGoesToMembersOnly() throws Exception {
    try (ElementSession session = root()) {
      ElementKeys keys = session.keys();
      keys.store().putGroup(GROUP, TERMS);
      keys.store().generate(member(1, KeyUsage.MAC));
      keys.store().generate(keyFor(2, KeyUsage.MAC));
      CertificationChain member =
          certified(session, member(CertifiedRole.USER, ElementClass.SOFTWARE, GROUP));
      CertificationChain stranger =
          certified(session, member(CertifiedRole.USER, ElementClass.SOFTWARE, OTHER_GROUP));
      CertificationChain weak =
          certified(session, member(CertifiedRole.USER, ElementClass.UNKNOWN, GROUP));
      CertificationChain colleague =
          certified(session, member(CertifiedRole.ADMINISTRATOR, ElementClass.SOFTWARE));
      issue(session, member, with(id(1)));
      issue(session, colleague, with(id(1)));
      KeyRefusal refusal =
          refused(RefusalReason.MEMBER, () -> issue(session, stranger, with(id(1))));
      assertThat(refusal.entry()).hasValue(0);
      KeyRefusal low =
          refused(RefusalReason.MEMBER, () -> issue(session, weak, lease(1, 1, 1), with(id(1))));
      assertThat(low.entry()).hasValue(1);
      assertThat(low.bound()).isEqualTo(1);
      assertThat(low.found()).isZero();
      refused(RefusalReason.MEMBER, () -> issue(session, member, with(id(2))));
      assertThatThrownBy(() -> issue(session, member, with(id(1)), with(id(3))))
          .isInstanceOfSatisfying(
              KeyNotFoundException.class, e -> assertThat(e.key()).isEqualTo(id(3)));
    }
  }

  private static KeyOrder issue(
      ElementSession session, CertificationChain receiver, OrderRequest... requests)
      throws Exception {
    return session.keys().orders().issue(receiver, OrderPosition.START, List.of(requests));
  }

  @Test
  void whatTheRulesOfDistributionOrTheTermsForbidIsNotIssued() throws Exception {
    try (ElementSession session = root()) {
      ElementKeys keys = session.keys();
      keys.store().setFloor(new ElementTime(NOW));
      keys.store().putGroup(GROUP, TERMS);
      keys.store().generate(withFlags(member(1, KeyUsage.MAC), EnumSet.of(KeyFlag.REWRAP)));
      keys.store().generate(member(2, KeyUsage.MAC));
      bring(session, id(2), KeyState.SUSPENDED);
      CertificationChain member =
          certified(session, member(CertifiedRole.USER, ElementClass.SOFTWARE, GROUP));
      KeyRefusal flag = refused(RefusalReason.FLAG, () -> issue(session, member, with(id(1))));
      assertThat(flag.operation()).contains(KeyOperation.DISTRIBUTE);
      assertThat(flag.bound()).isEqualTo(1L << KeyFlag.DISTRIBUTION.bit());
      refused(RefusalReason.STATE, () -> issue(session, member, with(id(2))));
      // The state of a suspended key may be told.
      issue(session, member, new OrderRequest.Key(id(2), Value.LEFT_OUT, 0));
      for (OrderRequest wrong :
          List.of(
              lease(NOW + 1001, 500, 10),
              lease(NOW + 1000, 501, 10),
              lease(NOW + 1000, 500, 11),
              lease(ElementTime.MAX.seconds(), 500, 10),
              lease(NOW + 1000, Lease.UNLIMITED_USES, 10),
              lease(NOW + 1000, 500, Lease.UNLIMITED_POWER_UPS))) {
        KeyRefusal refusal = refused(RefusalReason.ATTRIBUTE, () -> issue(session, member, wrong));
        assertThat(refusal.bound()).isEqualTo(7);
      }
      assertThatThrownBy(
              () ->
                  issue(
                      session,
                      member,
                      new OrderRequest.Entry(
                          new OrderEntry.Grant(
                              OTHER_GROUP, Lease.of(1, new ElementTime(NOW), 1, 1)))))
          .isInstanceOfSatisfying(
              KeyGroupNotFoundException.class, e -> assertThat(e.group()).isEqualTo(OTHER_GROUP));
    }
  }

  @Test
  void anOrderIsForCertifiedReceiversOnly() throws Exception {
    try (ElementSession session = root()) {
      session.keys().store().putGroup(GROUP, TERMS);
      session.keys().store().generate(member(1, KeyUsage.MAC));
      Certification said = member(CertifiedRole.USER, ElementClass.SOFTWARE, GROUP);
      CertificationChain forged =
          new CertificationChain(List.of(RootAuthority.of(1).certify(said, 0)));
      assertThatThrownBy(() -> issue(session, forged, with(id(1))))
          .isInstanceOf(UntrustedPeerException.class);
      CertificationChain altered =
          new CertificationChain(
              List.of(
                  new SignedCertification(
                      member(CertifiedRole.ADMINISTRATOR, ElementClass.SOFTWARE),
                      certified(session, said).links().get(0).signatures())));
      assertThatThrownBy(() -> issue(session, altered, with(id(1))))
          .isInstanceOf(UntrustedPeerException.class);
    }
  }

  @Test
  void anElementThatIsNoRootCertifiesNobody() throws Exception {
    try (ElementSession session = enrolled()) {
      Certification said = member(CertifiedRole.USER, ElementClass.SOFTWARE, GROUP);
      assertThatThrownBy(() -> certified(session, said))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      assertThatThrownBy(
              () ->
                  session
                      .keys()
                      .orders()
                      .signAnchor(pin(ADMINISTRATOR_PIN), administrator.anchor(ANCHOR + 1)))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
    }
  }

  @Test
  void aRootSignsTheNextAnchorAndCertifiesUnderThePresentOne() throws Exception {
    try (ElementSession session = root()) {
      Bytes own = element().identity().signingKey();
      var orders = session.keys().orders();
      Certification said = member(CertifiedRole.USER, ElementClass.SOFTWARE, GROUP);
      assertThat(certified(session, said).isVouchedForBy(new TrustAnchor(1, 1, List.of(own))))
          .isTrue();
      assertThatThrownBy(() -> orders.certify(pin("00000000"), said))
          .isInstanceOf(AuthenticationFailedException.class);
      Certification later =
          new Certification(
              said.role(),
              said.elementClass(),
              said.serialNumber(),
              said.signingKey(),
              said.agreementKey(),
              2,
              said.groups());
      assertThatThrownBy(() -> certified(session, later))
          .isInstanceOf(UntrustedPeerException.class);
      TrustAnchor next = new TrustAnchor(2, 1, List.of(own, memberSigning.publicKey()));
      assertThatThrownBy(
              () -> orders.signAnchor(pin(ADMINISTRATOR_PIN), new TrustAnchor(3, 1, List.of(own))))
          .isInstanceOf(TrustAnchorRefusedException.class);
      Signatures signed = Signatures.of(orders.signAnchor(pin(ADMINISTRATOR_PIN), next));
      session.updateTrustAnchor(new TrustAnchorUpdate(next, signed, signed));
      assertThat(element().trustAnchor()).contains(next);
      assertThat(certified(session, later).isVouchedForBy(next)).isTrue();
      assertThat(element().status().administratorTriesLeft())
          .isEqualTo(profile().administratorTries());
    }
  }
}
