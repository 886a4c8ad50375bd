// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.Signatures;
import dev.strongroom.core.identity.SignedCertification;
import dev.strongroom.core.identity.TrustAnchor;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Orders: whom they are for, what they follow, and what a store between could make of them. */
@Tag("jdk25")
class KeyOrderTest {

  /** The administrator's element is the only root. */
  private static final TrustAnchor ANCHOR =
      new TrustAnchor(3, 1, List.of(KeyVectors.SENDER_SIGNING.publicKey()));

  private static CertificationChain chain(CertifiedRole role, int anchorVersion) {
    Certification said =
        new Certification(
            role,
            ElementClass.SOFTWARE,
            KeyVectors.SENDER,
            KeyVectors.SENDER_SIGNING.publicKey(),
            KeyVectors.RECEIVER_SIGNING.publicKey(),
            anchorVersion,
            List.of());
    return new CertificationChain(
        List.of(
            new SignedCertification(
                said,
                Signatures.of(
                    IdentitySignature.sign(
                        KeyVectors.SENDER_SIGNING.privateKey(),
                        SignaturePurpose.CERTIFICATION,
                        said.encode().toByteArray())))));
  }

  static OrderReceipt receipt() {
    return new OrderReceipt(
        3,
        KeyVectors.RECEIVER,
        OrderPosition.after(KeyVectors.order()),
        new ElementTime(210_000_000),
        3,
        1,
        root(),
        KeyVectors.counting(0xB0, 16).use(Bytes::copyOf));
  }

  private static Bytes root() {
    return OrderReceipt.stateRoot(
        List.of(KeyVectors.A, KeyVectors.B, KeyVectors.C),
        List.of(new KeyGroup(KeyVectors.GROUP, 1, GroupTerms.NONE, Optional.of(KeyVectors.LEASE))));
  }

  private static Optional<RefusalReason> reason(KeyOrder order, OrderPosition position) {
    return order
        .refusal(
            ANCHOR,
            chain(CertifiedRole.ADMINISTRATOR, 3),
            KeyVectors.RECEIVER,
            KeyVectors.RECEIVER_KEYS,
            position)
        .map(KeyRefusal::reason);
  }

  @Test
  void theBytesAreThoseOfTheSpecification() {
    KeyOrder order = KeyVectors.order();
    assertThat(
            OrderHead.digestOf(
                KeyVectors.RECEIVER_SIGNING.publicKey(),
                KeyVectors.receiverAgreement().publicKey()))
        .isEqualTo(KeyVectors.RECEIVER_KEYS);
    assertThat(order.signature()).isEqualTo(KeyVectors.SIGNATURE);
    assertThat(order.digest()).isEqualTo(KeyVectors.DIGEST);
    assertThat(order.encode().length()).isEqualTo(670);
    assertThat(IdentitySignature.digest(order.encode().toByteArray()))
        .isEqualTo(KeyVectors.ORDER_SHA_256);
    assertThat(root()).isEqualTo(KeyVectors.STATE_ROOT);
    assertThat(IdentitySignature.digest(receipt().encode().toByteArray()))
        .isEqualTo(KeyVectors.RECEIPT_SHA_256);
    assertThat(
            receipt()
                .isSignedBy(KeyVectors.RECEIVER_SIGNING.publicKey(), KeyVectors.RECEIPT_SIGNATURE))
        .isTrue();
    assertThat(
            receipt()
                .isSignedBy(KeyVectors.SENDER_SIGNING.publicKey(), KeyVectors.RECEIPT_SIGNATURE))
        .isFalse();
  }

  @Test
  void theReceiverUnwrapsWhatOtherCodeHasWrapped() {
    try (HpkeKeyPair agreement = KeyVectors.receiverAgreement();
        OrderContext context = OrderContext.receiver(KeyVectors.order(), agreement)) {
      assertThat(clear(context.unwrap((OrderEntry.Key) KeyVectors.entries().get(1))))
          .isEqualTo(KeyVectors.counting(0x80, 32).use(Bytes::copyOf));
      assertThat(clear(context.unwrap((OrderEntry.Key) KeyVectors.entries().get(2))))
          .isEqualTo(KeyVectors.counting(0x01, 48).use(Bytes::copyOf));
      assertThat(context.unwrap((OrderEntry.Key) KeyVectors.entries().get(3))).isEmpty();
    }
  }

  private static Bytes clear(Optional<SecretBytes> secret) {
    try (SecretBytes value = secret.orElseThrow()) {
      return value.use(Bytes::copyOf);
    }
  }

  @Test
  void whatTheSenderWrapsTheReceiverUnwrapsInItsPlaceOnly() {
    SecureRandom random = new SecureRandom();
    try (HpkeKeyPair agreement = KeyVectors.receiverAgreement();
        OrderContext sender =
            OrderContext.sender(KeyVectors.head(), agreement.publicKey(), random);
        SecretBytes value = KeyVectors.counting(0x80, 32)) {
      OrderEntry.Key entry = sender.wrap(KeyVectors.A, value);
      KeyOrder order = order(KeyVectors.head(), sender.enc(), List.of(entry));
      assertThat(clear(unwrap(order, agreement, entry))).isEqualTo(value.use(Bytes::copyOf));

      KeyAttributes suspended = KeyVectors.A.withState(KeyState.DEACTIVATED);
      assertThat(unwrap(order, agreement, new OrderEntry.Key(suspended, entry.wrapped())))
          .as("other attributes")
          .isEmpty();
      OrderHead later = head(2, KeyVectors.DIGEST);
      assertThat(unwrap(order(later, sender.enc(), List.of(entry)), agreement, entry))
          .as("another order")
          .isEmpty();
      try (HpkeKeyPair other = HpkeSuite.P256.generate(random)) {
        assertThat(unwrap(order, other, entry)).as("another element").isEmpty();
      }
    }
  }

  private static Optional<SecretBytes> unwrap(
      KeyOrder order, HpkeKeyPair agreement, OrderEntry.Key entry) {
    try (OrderContext context = OrderContext.receiver(order, agreement)) {
      return context.unwrap(entry);
    }
  }

  private static KeyOrder order(OrderHead head, Bytes enc, List<OrderEntry> entries) {
    return KeyOrder.sign(head, enc, entries, KeyVectors.SENDER_SIGNING.privateKey());
  }

  private static OrderHead head(long sequence, Bytes previous) {
    OrderHead head = KeyVectors.head();
    return new OrderHead(
        head.anchorVersion(),
        head.sender(),
        head.senderKey(),
        head.receiver(),
        head.receiverKeys(),
        sequence,
        previous,
        head.time());
  }

  private static KeyOrder removal(long sequence, Bytes previous) {
    return order(
        head(sequence, previous),
        KeyOrder.NO_ENC,
        List.of(new OrderEntry.RemoveKey(KeyVectors.A.id())));
  }

  @Test
  void ordersAreAppliedInSequenceAndEachOnce() {
    KeyOrder first = removal(1, OrderPosition.START.digest());
    KeyOrder second = removal(2, first.digest());
    KeyOrder third = removal(3, second.digest());
    KeyOrder fork = removal(2, KeyVectors.DIGEST);
    OrderPosition one = OrderPosition.after(first);
    OrderPosition two = OrderPosition.after(second);
    assertThat(reason(first, OrderPosition.START)).isEmpty();
    assertThat(reason(second, one)).isEmpty();
    assertThat(reason(third, two)).isEmpty();

    assertThat(reason(second, OrderPosition.START)).contains(RefusalReason.ORDER_MISSING);
    assertThat(reason(third, one)).contains(RefusalReason.ORDER_MISSING);
    assertThat(reason(first, two)).contains(RefusalReason.ORDER_REPLAYED);
    assertThat(reason(fork, one)).contains(RefusalReason.ORDER_FORKED);
    assertThat(reason(fork, two)).contains(RefusalReason.ORDER_REPLAYED);
    assertThat(reason(third, OrderPosition.after(fork))).contains(RefusalReason.ORDER_FORKED);

    assertThat(reason(second, two)).as("again, since the answer was lost").isEmpty();
    assertThat(two.isOf(second)).isTrue();
    assertThat(two.isOf(fork)).isFalse();
    assertThat(one.isOf(second)).isFalse();
  }

  /** Of ECDSA's signatures there are always two: R, S and R, n - S. */
  @Test
  void anotherSignatureMakesNoOtherOrder() {
    KeyOrder order = KeyVectors.order();
    byte[] signature = order.signature().toByteArray();
    BigInteger n =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    byte[] other = n.subtract(new BigInteger(1, signature, 32, 32)).toByteArray();
    byte[] malleated = signature.clone();
    for (int i = 0; i < 32; i++) {
      int from = other.length - 32 + i;
      malleated[32 + i] = from < 0 ? 0 : other[from];
    }
    KeyOrder copy =
        new KeyOrder(order.head(), order.enc(), order.entries(), Bytes.copyOf(malleated));
    assertThat(copy).isNotEqualTo(order);
    assertThat(reason(copy, OrderPosition.START)).isEmpty();
    assertThat(OrderPosition.after(copy)).isEqualTo(OrderPosition.after(order));
  }

  @Test
  void anOrderIsBelievedOfTheAdministratorAlone() {
    KeyOrder order = KeyVectors.order();
    assertThat(reason(order, chain(CertifiedRole.USER, 3))).contains(RefusalReason.ORDER_SENDER);
    assertThat(reason(order, chain(CertifiedRole.ADMINISTRATOR, 2)))
        .contains(RefusalReason.ORDER_SENDER);

    TrustAnchor later = new TrustAnchor(4, 1, ANCHOR.roots());
    assertThat(
            order
                .refusal(
                    later,
                    chain(CertifiedRole.ADMINISTRATOR, 4),
                    KeyVectors.RECEIVER,
                    KeyVectors.RECEIVER_KEYS,
                    OrderPosition.START)
                .map(KeyRefusal::reason))
        .as("under the former anchor")
        .contains(RefusalReason.ORDER_SENDER);

    P256.Pair stranger = KeyVectors.RECEIVER_SIGNING;
    KeyOrder forged =
        KeyOrder.sign(order.head(), order.enc(), order.entries(), stranger.privateKey());
    assertThat(reason(forged, OrderPosition.START)).contains(RefusalReason.ORDER_SIGNATURE);
    OrderHead head = order.head();
    KeyOrder named =
        KeyOrder.sign(
            new OrderHead(
                3,
                head.sender(),
                stranger.publicKey(),
                head.receiver(),
                head.receiverKeys(),
                1,
                head.previous(),
                head.time()),
            order.enc(),
            order.entries(),
            stranger.privateKey());
    assertThat(reason(named, OrderPosition.START)).contains(RefusalReason.ORDER_SENDER);
  }

  private static Optional<RefusalReason> reason(KeyOrder order, CertificationChain chain) {
    return order
        .refusal(ANCHOR, chain, KeyVectors.RECEIVER, KeyVectors.RECEIVER_KEYS, OrderPosition.START)
        .map(KeyRefusal::reason);
  }

  @Test
  void aSignatureForAnythingElseIsNoneForAnOrder() {
    KeyOrder order = KeyVectors.order();
    byte[] encoded = order.encode().toByteArray();
    byte[] signed = java.util.Arrays.copyOf(encoded, encoded.length - IdentitySignature.LENGTH);
    for (SignaturePurpose purpose : SignaturePurpose.values()) {
      KeyOrder other =
          new KeyOrder(
              order.head(),
              order.enc(),
              order.entries(),
              IdentitySignature.sign(KeyVectors.SENDER_SIGNING.privateKey(), purpose, signed));
      assertThat(reason(other, OrderPosition.START).isEmpty())
          .as("%s", purpose)
          .isEqualTo(purpose == SignaturePurpose.ORDER);
      if (purpose == SignaturePurpose.ORDER || purpose == SignaturePurpose.ORDER_POSITION) {
        assertThat(purpose.isForHosts()).isFalse();
      }
    }
  }

  @Test
  void anOrderForAnotherElementOrAnotherLifeOfThisOneIsRefused() {
    KeyOrder order = KeyVectors.order();
    CertificationChain chain = chain(CertifiedRole.ADMINISTRATOR, 3);
    Bytes otherKeys = IdentitySignature.digest(new byte[] {1});
    assertThat(
            order
                .refusal(
                    ANCHOR, chain, KeyVectors.SENDER, KeyVectors.RECEIVER_KEYS, OrderPosition.START)
                .map(KeyRefusal::reason))
        .contains(RefusalReason.ORDER_RECEIVER);
    assertThat(
            order
                .refusal(ANCHOR, chain, KeyVectors.RECEIVER, otherKeys, OrderPosition.START)
                .map(KeyRefusal::reason))
        .as("wiped since")
        .contains(RefusalReason.ORDER_RECEIVER);
  }

  @Test
  void everyChangedByteOfAnOrderIsRefused() {
    byte[] encoded = KeyVectors.order().encode().toByteArray();
    for (int at = 0; at < encoded.length; at++) {
      byte[] changed = encoded.clone();
      changed[at] ^= 0x04;
      try {
        assertThat(reason(KeyOrder.parse(Bytes.copyOf(changed)), OrderPosition.START))
            .as("byte %d", at)
            .isNotEmpty();
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void anOrderHasOneTo64Entries() {
    OrderEntry entry = new OrderEntry.RemoveKey(KeyVectors.A.id());
    for (int count : new int[] {1, 64}) {
      KeyOrder order = order(KeyVectors.head(), KeyOrder.NO_ENC, Collections.nCopies(count, entry));
      assertThat(KeyOrder.parse(order.encode())).isEqualTo(order);
    }
    for (int count : new int[] {0, 65}) {
      List<OrderEntry> entries = Collections.nCopies(count, entry);
      assertThatThrownBy(() -> order(KeyVectors.head(), KeyOrder.NO_ENC, entries))
          .hasMessageContaining("1 to 64 entries, not " + count);
    }
    assertThatThrownBy(() -> order(KeyVectors.head(), KeyVectors.ENC, List.of(entry)))
        .hasMessageContaining("no enc");
  }

  /** What an order may make of a key that is there, one attribute at a time. */
  @Test
  void anOrderMakesNothingLongerOrOther() {
    KeyAttributes a = KeyVectors.A;
    assertAccepted(a.withLimit(a.limit() - 1), true);
    assertAccepted(a.withLimit(a.limit() + 1), false);
    KeyPeriods p = a.periods();
    ElementTime none = ElementTime.NONE;
    ElementTime activation = p.activation();
    ElementTime end = p.originatorEnd();
    ElementTime last = p.recipientEnd();
    ElementTime earlier = new ElementTime(end.seconds() - 1);
    ElementTime later = new ElementTime(end.seconds() + 1);
    assertAccepted(a.withPeriods(new KeyPeriods(activation, earlier, last, none)), true);
    assertAccepted(a.withPeriods(new KeyPeriods(activation, later, last, none)), false);
    assertAccepted(a.withPeriods(new KeyPeriods(activation, none, none, none)), false);
    assertAccepted(a.withPeriods(new KeyPeriods(activation, end, end, none)), true);
    assertAccepted(a.withPeriods(new KeyPeriods(activation, end, none, none)), false);
    assertAccepted(
        a.withPeriods(new KeyPeriods(activation, end, new ElementTime(last.seconds() + 1), none)),
        false);
    assertAccepted(
        a.withPeriods(new KeyPeriods(new ElementTime(activation.seconds() - 1), end, last, none)),
        false);
    for (int at : new int[] {17, 18, 19, 20, 56}) { // algorithm, usages, flags, group, policy
      byte[] changed = a.encode().toByteArray();
      changed[at] ^= (byte) (at == 18 ? 0x40 : 2);
      assertAccepted(KeyAttributes.parse(Bytes.copyOf(changed)), false);
    }
    KeyAttributes preActive = a.withState(KeyState.PRE_ACTIVE);
    assertThat(
            KeyRules.accept(preActive, a.withPeriods(KeyPeriods.UNLIMITED))
                instanceof KeyDecision.Permitted)
        .as("the periods of a key that was not active are free")
        .isTrue();
  }

  private static void assertAccepted(KeyAttributes ordered, boolean accepted) {
    assertThat(KeyRules.accept(KeyVectors.A, ordered) instanceof KeyDecision.Permitted)
        .as("%s", ordered)
        .isEqualTo(accepted);
  }

  @Test
  void valuesComeWithKeysThatMayBeSentAndAreThereForThoseThatAreNew() {
    for (KeyState state : KeyState.values()) {
      boolean sent =
          state == KeyState.PRE_ACTIVE || state == KeyState.ACTIVE || state == KeyState.DEACTIVATED;
      KeyAttributes key = KeyVectors.A.withState(state);
      OrderEntry.Key with = new OrderEntry.Key(key, Optional.of(KeyVectors.WRAPPED_A));
      OrderEntry.Key without = new OrderEntry.Key(key, Optional.empty());
      assertThat(permits(Optional.empty(), with)).as("new, %s", state).isEqualTo(sent);
      assertThat(permits(Optional.empty(), without))
          .as("new without value, %s", state)
          .isEqualTo(state.isDestroyed());
      assertThat(permits(Optional.of(key), with)).as("known, %s", state).isEqualTo(sent);
      assertThat(permits(Optional.of(key), without)).isTrue();
    }
    KeyAttributes scheduled =
        KeyVectors.A.withState(KeyState.DEACTIVATED)
            .withPeriods(KeyVectors.PERIODS.withDestruction(new ElementTime(5)));
    assertThat(
            permits(
                Optional.empty(), new OrderEntry.Key(scheduled, Optional.of(KeyVectors.WRAPPED_A))))
        .isFalse();
  }

  private static boolean permits(Optional<KeyAttributes> present, OrderEntry.Key entry) {
    return KeyRules.accept(present, entry) instanceof KeyDecision.Permitted;
  }

  @Test
  void theStateRootIsOfContentNotOfOrder() {
    KeyGroup group =
        new KeyGroup(KeyVectors.GROUP, 1, GroupTerms.NONE, Optional.of(KeyVectors.LEASE));
    List<KeyAttributes> keys = List.of(KeyVectors.C, KeyVectors.A, KeyVectors.B);
    assertThat(OrderReceipt.stateRoot(keys, List.of(group))).isEqualTo(KeyVectors.STATE_ROOT);
    assertThat(OrderReceipt.stateRoot(keys, List.of())).isNotEqualTo(KeyVectors.STATE_ROOT);
    Lease used = KeyVectors.LEASE.reserve().powerUp();
    assertThat(OrderReceipt.stateRoot(keys, List.of(group.withLease(used))))
        .as("use changes nothing")
        .isEqualTo(KeyVectors.STATE_ROOT);
  }
}
