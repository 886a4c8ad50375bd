// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static dev.strongroom.core.keys.KeyState.ACTIVE;
import static dev.strongroom.core.keys.KeyState.COMPROMISED;
import static dev.strongroom.core.keys.KeyState.DEACTIVATED;
import static dev.strongroom.core.keys.KeyState.DESTROYED;
import static dev.strongroom.core.keys.KeyState.DESTROYED_COMPROMISED;
import static dev.strongroom.core.keys.KeyState.PRE_ACTIVE;
import static dev.strongroom.core.keys.KeyState.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyExistsException;
import dev.strongroom.core.device.KeyGroupNotFoundException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.KeyStoreStatus;
import dev.strongroom.core.device.KeyStoreStatus.Administration;
import dev.strongroom.core.device.KeyStoreTime;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.core.keys.StoredKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Records of the key store: {@code docs/spec/key-store.md}, 2, 4, 8 and 9.1. Part of {@link
 * ElementContract}.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class KeyStoreContract extends KeyFixture {

  private static final byte[] IMPORT_INFO =
      "Strongroom import\0".getBytes(StandardCharsets.US_ASCII);
  private static final long TERMS = 7;

  KeyStoreContract() {}

  private static KeyUsage usageOf(KeyAlgorithm algorithm) {
    return switch (algorithm) {
      case AES_128, AES_192, AES_256 -> KeyUsage.ENCRYPTION;
      case HMAC_SHA_256, HMAC_SHA_384, HMAC_SHA_512 -> KeyUsage.MAC;
      case EC_P256, EC_P384, ED25519 -> KeyUsage.SIGNATURE;
      case X25519 -> KeyUsage.KEY_AGREEMENT;
    };
  }

  @Test
  void keysOfEveryAlgorithmAreGeneratedListedAndStay() throws Exception {
    List<KeyAttributes> made = new ArrayList<>();
    KeyStoreStatus empty;
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      empty = store.status();
      assertThat(empty.records()).isZero();
      assertThat(empty.capacity()).isGreaterThanOrEqualTo(100);
      assertThat(empty.administration()).isEqualTo(Administration.BY_ITSELF);
      assertThat(store.keys(Optional.empty())).isEmpty();
      for (KeyAlgorithm algorithm : session.info().algorithms()) {
        KeyAttributes attributes = key(algorithm.number(), algorithm, usageOf(algorithm));
        Optional<Bytes> publicKey = store.generate(attributes);
        int length =
            switch (algorithm) {
              case EC_P256 -> 65;
              case EC_P384 -> 97;
              case ED25519, X25519 -> 32;
              default -> 0;
            };
        assertThat(publicKey.map(Bytes::length).orElse(0)).as("%s", algorithm).isEqualTo(length);
        if (length > 0) {
          assertThat(store.publicKey(attributes.id())).isEqualTo(publicKey.orElseThrow());
        }
        // As when the first answer was lost.
        assertThatThrownBy(() -> store.generate(attributes))
            .isInstanceOfSatisfying(
                KeyExistsException.class, e -> assertThat(e.key()).isEqualTo(attributes.id()));
        made.add(attributes);
      }
    }
    reopen();
    made.sort((a, b) -> a.id().compareTo(b.id()));
    try (ElementSession session = keyLogin()) {
      KeyStoreCommands store = session.keys().store();
      List<KeyId> ids = made.stream().map(KeyAttributes::id).toList();
      assertThat(store.keys(Optional.empty())).isEqualTo(ids);
      assertThat(store.keys(Optional.of(ids.get(0)))).isEqualTo(ids.subList(1, ids.size()));
      assertThat(store.keys(Optional.of(ids.get(ids.size() - 1)))).isEmpty();
      for (KeyAttributes attributes : made) {
        assertThat(store.read(attributes.id())).isEqualTo(new StoredKey(attributes, 0));
      }
      // P-384 takes two.
      assertThat(store.status().records()).isEqualTo(made.size() + 1L);
      assertThatThrownBy(() -> store.read(id(0x77)))
          .isInstanceOfSatisfying(
              KeyNotFoundException.class, e -> assertThat(e.key()).isEqualTo(id(0x77)));
    }
    element().wipe(pin(ADMINISTRATOR_PIN));
    initialize();
    try (ElementSession session = keyLogin()) {
      assertThat(session.keys().store().status()).isEqualTo(empty);
    }
  }

  @Test
  void whatAKeyMayNotBeIsRefusedWhenItIsMade() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      KeyAttributes right = keyFor(1, KeyUsage.SIGNATURE);
      for (KeyAttributes wrong :
          List.of(
              imported(right),
              right.withState(SUSPENDED),
              right.withState(DEACTIVATED),
              right.withState(COMPROMISED),
              right.withState(DESTROYED))) {
        assertThatThrownBy(() -> store.generate(wrong)).isInstanceOf(StatusWordException.class);
      }
      assertThatThrownBy(() -> store.generate(inGroup(right, GROUP)))
          .isInstanceOfSatisfying(
              KeyGroupNotFoundException.class, e -> assertThat(e.group()).isEqualTo(GROUP));
      assertThat(store.status().records()).isZero();
    }
  }

  @Test
  void importedKeysAreWhatTheyWereOutside() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      KeyAttributes ec = key(1, KeyAlgorithm.EC_P256, KeyUsage.SIGNATURE);
      // The public key of RFC 6979, A.2.5.
      assertThat(
              store.importKey(
                  ec, secret("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")))
          .contains(
              Bytes.parse(
                  "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                      + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"));
      KeyAttributes ed = key(2, KeyAlgorithm.ED25519, KeyUsage.SIGNATURE);
      // RFC 8032, 7.1, test 1.
      assertThat(
              store.importKey(
                  ed, secret("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")))
          .contains(
              Bytes.parse("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
      KeyAttributes x = key(3, KeyAlgorithm.X25519, KeyUsage.KEY_AGREEMENT);
      // RFC 7748, 6.1, Alice.
      assertThat(
              store.importKey(
                  x, secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")))
          .contains(
              Bytes.parse("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
      for (KeyAttributes each : List.of(ec, ed, x)) {
        assertThat(store.read(each.id()).attributes()).isEqualTo(imported(each));
      }
      assertThatThrownBy(() -> store.importKey(ec, countingSecret(1, 32)))
          .isInstanceOf(KeyExistsException.class);
    }
  }

  @Test
  void aValueThatIsNoKeyIsNotImported() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      KeyAttributes ec = key(1, KeyAlgorithm.EC_P256, KeyUsage.SIGNATURE);
      String order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
      for (SecretBytes wrong :
          List.of(secret(order), secret("00".repeat(32)), secret("ff".repeat(32)), secret("01"))) {
        assertThatThrownBy(() -> store.importKey(ec, wrong))
            .isInstanceOf(StatusWordException.class);
      }
      KeyAttributes aes = key(2, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
      for (int length : new int[] {16, 24, 31, 33, 64}) {
        assertThatThrownBy(() -> store.importKey(aes, countingSecret(1, length)))
            .isInstanceOf(StatusWordException.class);
      }
      KeyAttributes hmac = key(3, KeyAlgorithm.HMAC_SHA_256, KeyUsage.MAC);
      for (int length : new int[] {15, 65}) {
        assertThatThrownBy(() -> store.importKey(hmac, countingSecret(1, length)))
            .isInstanceOf(StatusWordException.class);
      }
      assertThat(store.status().records()).isZero();
    }
  }

  @Test
  void aKeyThatSomebodyWrappedForTheElementIsImportedAsItIsMeant() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      KeyAttributes key = key(1, KeyAlgorithm.ED25519, KeyUsage.SIGNATURE);
      byte[] info =
          ByteBuffer.allocate(IMPORT_INFO.length + 16)
              .put(IMPORT_INFO)
              .put(session.info().serialNumber().toByteArray())
              .array();
      try (Hpke.Sender sender =
          Hpke.setupBaseS(
              HpkeSuite.P256,
              Hpke.Aead.EXPORT_ONLY,
              element().identity().agreementKey(),
              info,
              new SecureRandom())) {
        byte[] context =
            ByteBuffer.allocate(15 + KeyAttributes.LENGTH)
                .put("Strongroom key\0".getBytes(StandardCharsets.US_ASCII))
                .put(key.encode().toByteArray())
                .array();
        Bytes wrapped =
            AesKeyWrap.wrap(
                sender.context().export(context, 32),
                secret("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
        assertThatThrownBy(
                () -> store.importWrapped(key.withState(PRE_ACTIVE), sender.enc(), wrapped))
            .isInstanceOf(DecryptionFailedException.class);
        assertThatThrownBy(
                () ->
                    store.importWrapped(
                        key(2, KeyAlgorithm.ED25519, KeyUsage.SIGNATURE), sender.enc(), wrapped))
            .isInstanceOf(DecryptionFailedException.class);
        assertThat(store.importWrapped(key, sender.enc(), wrapped))
            .contains(
                Bytes.parse("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
        assertThat(store.read(key.id()).attributes()).isEqualTo(imported(key));
      }
    }
  }

  /** What SET STATE does, written down from section 8 once more. */
  private static Map<KeyState, Set<KeyState>> transitions() {
    Map<KeyState, Set<KeyState>> all = new EnumMap<>(KeyState.class);
    all.put(PRE_ACTIVE, Set.of(DESTROYED, COMPROMISED, ACTIVE));
    all.put(ACTIVE, Set.of(COMPROMISED, SUSPENDED, DEACTIVATED));
    all.put(SUSPENDED, Set.of(ACTIVE, COMPROMISED, DEACTIVATED));
    all.put(DEACTIVATED, Set.of(COMPROMISED));
    all.put(COMPROMISED, Set.of());
    all.put(DESTROYED, Set.of(DESTROYED_COMPROMISED));
    all.put(DESTROYED_COMPROMISED, Set.of());
    return all;
  }

  @Test
  void statesChangeAsTheTransitionsSayAndInNoOtherWay() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      int number = 0;
      for (KeyState from : KeyState.values()) {
        for (KeyState to : KeyState.values()) {
          KeyAttributes key = keyFor(++number, KeyUsage.MAC);
          if (from == PRE_ACTIVE) {
            store.generate(key.withState(PRE_ACTIVE));
          } else {
            store.generate(key);
            bring(session, key.id(), from);
          }
          if (to == from) {
            store.setState(key.id(), ACTIVE, to);
          } else if (transitions().getOrDefault(from, Set.of()).contains(to)) {
            KeyState wrong = from == ACTIVE ? PRE_ACTIVE : ACTIVE;
            refused(RefusalReason.TRANSITION, () -> store.setState(key.id(), wrong, to));
            store.setState(key.id(), from, to);
            assertThat(store.read(key.id()).attributes().state()).isEqualTo(to);
            // As when the first answer was lost.
            store.setState(key.id(), from, to);
          } else {
            KeyRefusal refusal =
                refused(RefusalReason.TRANSITION, () -> store.setState(key.id(), from, to));
            assertThat(refusal.key()).contains(key.id());
            assertThat(refusal.state()).contains(from);
            assertThat(refusal.target()).contains(to);
            assertThat(store.read(key.id()).attributes().state()).isEqualTo(from);
          }
        }
      }
    }
  }

  @Test
  void aKeyThatOnlySignsMayRetire() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      KeyId key = id(1);
      store.generate(keyFor(1, KeyUsage.SIGNATURE));
      store.setState(key, ACTIVE, DESTROYED);
      refused(RefusalReason.STATE, () -> store.publicKey(key));
      store.remove(key);
      store.remove(key);
      assertThat(store.keys(Optional.empty())).isEmpty();
      KeyId other = id(2);
      store.generate(keyFor(2, KeyUsage.KEY_AGREEMENT));
      refused(RefusalReason.TRANSITION, () -> store.setState(other, ACTIVE, DESTROYED));
      assertThat(refused(RefusalReason.STATE, () -> store.remove(other)).state()).contains(ACTIVE);
    }
  }

  @Test
  void destructionIsScheduledReplacedCancelledAndComesWithTheFloor() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      store.setFloor(new ElementTime(NOW));
      List<KeyState> schedulable = List.of(SUSPENDED, DEACTIVATED, COMPROMISED);
      for (int i = 0; i < schedulable.size(); i++) {
        store.generate(keyFor(i, KeyUsage.MAC));
        KeyId key = id(i);
        refused(
            RefusalReason.STATE, () -> store.scheduleDestruction(key, new ElementTime(NOW + 9)));
        bring(session, key, schedulable.get(i));
        KeyRefusal early =
            refused(
                RefusalReason.ATTRIBUTE,
                () -> store.scheduleDestruction(key, new ElementTime(NOW)));
        assertThat(early.bound()).isEqualTo(6);
        store.scheduleDestruction(key, new ElementTime(NOW + 1));
        store.scheduleDestruction(key, new ElementTime(NOW + 1));
        store.cancelDestruction(key);
        store.cancelDestruction(key);
        KeyAttributes now = store.read(key).attributes();
        assertThat(now.periods().destruction().isSet()).isFalse();
        assertThat(now.state()).isEqualTo(i == 0 ? DEACTIVATED : schedulable.get(i));
        store.scheduleDestruction(key, new ElementTime(NOW + 50));
        store.scheduleDestruction(key, new ElementTime(NOW + 100 + i));
      }
      // What the host only tells destroys nothing.
      store.tellTime(new ElementTime(NOW + 1000));
      assertThat(store.setFloor(new ElementTime(NOW + 100)).seconds()).isEqualTo(NOW + 100);
      assertThat(state(store, 0)).isEqualTo(DESTROYED);
      assertThat(state(store, 1)).isEqualTo(DEACTIVATED);
      assertThat(store.setFloor(new ElementTime(NOW)).seconds()).isEqualTo(NOW + 100);
      store.setFloor(new ElementTime(NOW + 500));
      assertThat(state(store, 1)).isEqualTo(DESTROYED);
      assertThat(state(store, 2)).isEqualTo(DESTROYED_COMPROMISED);
      assertThat(store.read(id(2)).attributes().periods().destruction().seconds())
          .isEqualTo(NOW + 102);
      refused(RefusalReason.STATE, () -> store.cancelDestruction(id(2)));
      refused(RefusalReason.STATE, () -> session.keys().use().confirm(id(2), CHALLENGE));
    }
  }

  private static KeyState state(KeyStoreCommands store, int number) throws Exception {
    return store.read(id(number)).attributes().state();
  }

  @Test
  void aSuspendedKeyResumesBeforeItsEndAndUnlessItIsToBeDestroyed() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      KeyId key = id(1);
      store.generate(keyFor(1, KeyUsage.MAC).withPeriods(periods(NOW, NOW + 1000, NOW + 2000)));
      store.setState(key, ACTIVE, SUSPENDED);
      store.scheduleDestruction(key, new ElementTime(NOW + 500));
      KeyRefusal scheduled =
          refused(
              RefusalReason.DESTRUCTION_SCHEDULED, () -> store.setState(key, SUSPENDED, ACTIVE));
      assertThat(scheduled.bound()).isEqualTo(NOW + 500);
      KeyId other = id(2);
      store.generate(keyFor(2, KeyUsage.MAC).withPeriods(periods(NOW, NOW + 1000, NOW + 2000)));
      store.setState(other, ACTIVE, SUSPENDED);
      store.setState(other, SUSPENDED, ACTIVE);
      store.setState(other, ACTIVE, SUSPENDED);
      store.setFloor(new ElementTime(NOW + 1000));
      KeyRefusal over =
          refused(RefusalReason.ORIGINATOR_PERIOD, () -> store.setState(other, SUSPENDED, ACTIVE));
      assertThat(over.bound()).isEqualTo(NOW + 1000);
      assertThat(over.found()).isEqualTo(NOW + 1000);
    }
  }

  @Test
  void periodsAndLimitsBecomeShorterOnly() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      KeyId key = id(1);
      store.generate(keyFor(1, KeyUsage.MAC));
      store.shorten(key, ends(NOW + 2000, NOW + 3000));
      store.shorten(key, ends(NOW + 1000, NOW + 2000));
      store.shorten(key, ends(NOW + 1000, NOW + 2000));
      store.shorten(key, limit(100));
      store.shorten(key, limit(50));
      store.shorten(key, KeyShortening.NONE);
      assertThat(attribute(store, key, ends(NOW + 1001, NOW + 2000))).isEqualTo(3);
      assertThat(attribute(store, key, ends(0, 0))).isEqualTo(3);
      assertThat(attribute(store, key, ends(NOW + 1000, NOW + 2001))).isEqualTo(4);
      assertThat(attribute(store, key, limit(51))).isEqualTo(5);
      assertThat(attribute(store, key, activation(NOW))).isEqualTo(2);
      KeyAttributes now = store.read(key).attributes();
      assertThat(now.periods()).isEqualTo(periods(0, NOW + 1000, NOW + 2000));
      assertThat(now.limit()).isEqualTo(50);

      KeyId planned = id(2);
      store.generate(keyFor(2, KeyUsage.MAC).withState(PRE_ACTIVE));
      store.shorten(planned, activation(NOW));
      store.shorten(planned, ends(NOW + 10, NOW + 20));
      store.shorten(planned, ends(NOW + 100, NOW + 200));
      assertThat(store.read(planned).attributes().periods())
          .isEqualTo(periods(NOW, NOW + 100, NOW + 200));
    }
  }

  private static long attribute(KeyStoreCommands store, KeyId key, KeyShortening change) {
    return refused(RefusalReason.ATTRIBUTE, () -> store.shorten(key, change)).bound();
  }

  private static KeyShortening ends(long originator, long recipient) {
    return new KeyShortening(
        Optional.empty(),
        Optional.of(new ElementTime(originator)),
        Optional.of(new ElementTime(recipient)),
        OptionalLong.empty());
  }

  private static KeyShortening activation(long time) {
    return new KeyShortening(
        Optional.of(new ElementTime(time)),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty());
  }

  private static KeyShortening limit(long uses) {
    return new KeyShortening(
        Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.of(uses));
  }

  @Test
  void groupsHoldTheirKeysToTheirTerms() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      GroupTerms strict =
          new GroupTerms(
              GroupTerms.Imports.REFUSED,
              ElementClass.SOFTWARE,
              1000,
              500,
              GroupTerms.UNLIMITED,
              GroupTerms.UNLIMITED,
              0xFFFF);
      store.putGroup(GROUP, strict);
      store.putGroup(GROUP, strict);
      store.putGroup(OTHER_GROUP, FREE);
      assertThat(store.groups(Optional.empty())).containsExactly(GROUP, OTHER_GROUP);
      assertThat(store.groups(Optional.of(GROUP))).containsExactly(OTHER_GROUP);
      assertThat(store.read(GROUP)).isEqualTo(new KeyGroup(GROUP, 1, strict, Optional.empty()));
      assertThat(store.read(OTHER_GROUP).index()).isEqualTo(2);

      KeyAttributes key = inGroup(keyFor(1, KeyUsage.MAC), GROUP);
      for (KeyPeriods wrong :
          List.of(
              KeyPeriods.UNLIMITED,
              periods(NOW, NOW + 1001, NOW + 1100),
              periods(NOW, NOW + 1000, NOW + 1501),
              periods(NOW, NOW + 1000, 0))) {
        KeyRefusal refusal =
            refused(RefusalReason.ATTRIBUTE, () -> store.generate(key.withPeriods(wrong)));
        assertThat(refusal.bound()).as("%s", wrong).isEqualTo(TERMS);
      }
      KeyPeriods longest = periods(NOW, NOW + 1000, NOW + 1500);
      refused(
          RefusalReason.ATTRIBUTE,
          () -> store.importKey(key.withPeriods(longest), countingSecret(1, 32)));
      store.generate(key.withPeriods(longest));

      KeyId planned = id(2);
      store.generate(inGroup(keyFor(2, KeyUsage.MAC), GROUP).withState(PRE_ACTIVE));
      refused(RefusalReason.ATTRIBUTE, () -> store.setState(planned, PRE_ACTIVE, ACTIVE));
      store.shorten(planned, KeyShortening.to(longest));
      store.setState(planned, PRE_ACTIVE, ACTIVE);

      assertThat(refused(RefusalReason.ATTRIBUTE, () -> store.remove(GROUP)).bound())
          .isEqualTo(TERMS);
      store.remove(OTHER_GROUP);
      store.remove(OTHER_GROUP);
      assertThatThrownBy(() -> store.read(OTHER_GROUP))
          .isInstanceOfSatisfying(
              KeyGroupNotFoundException.class, e -> assertThat(e.group()).isEqualTo(OTHER_GROUP));
      store.putGroup(GROUP, FREE);
      store.importKey(inGroup(keyFor(3, KeyUsage.MAC), GROUP), countingSecret(1, 32));
    }
  }

  @Test
  void anIdNamesOneRecordOnly() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      store.putGroup(GROUP, FREE);
      KeyAttributes key = keyFor(1, KeyUsage.MAC);
      KeyAttributes same =
          new KeyAttributes(
              new KeyId(GROUP.bytes()),
              key.state(),
              key.algorithm(),
              key.usages(),
              key.flags(),
              Optional.empty(),
              0,
              key.periods(),
              POLICY);
      assertThatThrownBy(() -> store.generate(same)).isInstanceOf(KeyExistsException.class);
      store.generate(key);
      assertThatThrownBy(() -> store.putGroup(new GroupId(key.id().bytes()), FREE))
          .isInstanceOf(KeyExistsException.class);
      assertThat(store.status().records()).isEqualTo(2);
    }
  }

  @Test
  void toldTimeIsForgottenWithPowerAndTheFloorStays() throws Exception {
    try (ElementSession session = keySession()) {
      KeyStoreCommands store = session.keys().store();
      assertThat(store.tellTime(new ElementTime(NOW)))
          .isEqualTo(new KeyStoreTime(ElementTime.NONE, new ElementTime(NOW)));
      assertThat(store.setFloor(new ElementTime(NOW - 500)).seconds()).isEqualTo(NOW - 500);
      assertThat(store.tellTime(new ElementTime(NOW - 100)))
          .isEqualTo(new KeyStoreTime(new ElementTime(NOW - 500), new ElementTime(NOW)));
      assertThat(store.tellTime(ElementTime.NONE).now().seconds()).isEqualTo(NOW);
    }
    reopen();
    try (ElementSession session = keyLogin()) {
      KeyStoreStatus status = session.keys().store().status();
      assertThat(status.floor().seconds()).isEqualTo(NOW - 500);
      assertThat(status.now().seconds()).isEqualTo(NOW - 500);
    }
  }
}
