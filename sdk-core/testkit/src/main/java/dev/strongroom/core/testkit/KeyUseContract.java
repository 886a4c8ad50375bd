// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AgreementSide;
import dev.strongroom.core.device.ElementKeys;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.KeyAnswer;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyRequest;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.RefusalReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Rules of use: {@code docs/spec/key-store.md}, 3, 5 and 9.4. Part of {@link ElementContract}.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class KeyUseContract extends KeyStoreContract {

  /** What section 3 says of a kind in a state, written down once more. */
  private enum Says {
    YES,
    NO,
    WITH_ACKNOWLEDGEMENT
  }

  private static final Set<KeyOperation> PROTECT =
      EnumSet.of(
          KeyOperation.ENCRYPT,
          KeyOperation.MAKE_MAC,
          KeyOperation.SIGN,
          KeyOperation.WRAP,
          KeyOperation.AGREE_AS_ORIGINATOR,
          KeyOperation.WRITE_FILE,
          KeyOperation.MAKE_DATA_KEY);

  KeyUseContract() {}

  private static Says says(KeyOperation operation, KeyState state) {
    if (operation == KeyOperation.READ) {
      return Says.YES;
    }
    String table; // ACTIVE, SUSPENDED, DEACTIVATED, COMPROMISED, DESTROYED, DESTROYED_COMPROMISED
    if (PROTECT.contains(operation)) {
      table = "ynnnnn";
    } else if (operation == KeyOperation.REWRAP) {
      table = "yayynn";
    } else if (operation == KeyOperation.CONFIRM) {
      table = "yyynnn";
    } else {
      table = "yayann";
    }
    int column =
        switch (state) {
          case ACTIVE -> 0;
          case SUSPENDED -> 1;
          case DEACTIVATED -> 2;
          case COMPROMISED -> 3;
          case DESTROYED -> 4;
          case DESTROYED_COMPROMISED -> 5;
          case PRE_ACTIVE -> throw new IllegalArgumentException("has been nowhere yet");
        };
    return switch (table.charAt(column)) {
      case 'y' -> Says.YES;
      case 'n' -> Says.NO;
      default -> Says.WITH_ACKNOWLEDGEMENT;
    };
  }

  @Test
  void everyOperationInEveryStateIsPermittedOrRefusedAsTheTableSays() throws Exception {
    try (ElementSession session = keySession()) {
      session.keys().store().putGroup(GROUP, FREE);
      int number = 0;
      for (KeyUsage usage : KeyUsage.values()) {
        KeyAttributes other = inGroup(keyFor(++number, usage), GROUP);
        session.keys().store().generate(other);
        for (KeyState state : EnumSet.complementOf(EnumSet.of(KeyState.PRE_ACTIVE))) {
          KeyAttributes key = inGroup(keyFor(++number, usage), GROUP);
          session.keys().store().generate(key);
          Map<KeyOperation, KeyUses.Use> uses = KeyUses.of(session, key, other.id());
          bring(session, key.id(), state);
          KeyState now = session.keys().store().read(key.id()).attributes().state();
          assertThat(now).isEqualTo(state);
          for (Map.Entry<KeyOperation, KeyUses.Use> use : uses.entrySet()) {
            check(use.getKey(), use.getValue(), key.id(), state);
          }
        }
      }
    }
  }

  private static void check(KeyOperation operation, KeyUses.Use use, KeyId key, KeyState state)
      throws Exception {
    Says says = says(operation, state);
    if (says == Says.YES) {
      use.with(HEAD);
      use.with(ACKNOWLEDGED);
      return;
    }
    KeyRefusal refusal = refusal(() -> use.with(HEAD));
    assertThat(refusal.operation()).contains(operation);
    assertThat(refusal.state()).contains(state);
    assertThat(refusal.key()).contains(key);
    if (says == Says.NO) {
      assertThat(refusal.reason()).isEqualTo(RefusalReason.STATE);
      refused(RefusalReason.STATE, () -> use.with(ACKNOWLEDGED));
      return;
    }
    assertThat(refusal.reason()).isEqualTo(RefusalReason.ACKNOWLEDGEMENT);
    assertThat(refusal.bound()).isEqualTo(state == KeyState.SUSPENDED ? 1 : 2);
    use.with(ACKNOWLEDGED);
  }

  @Test
  void aPreActiveKeyCanBeConfirmedAndReadOnly() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      keys.store().generate(keyFor(1, KeyUsage.MAC).withState(KeyState.PRE_ACTIVE));
      keys.use().confirm(id(1), CHALLENGE);
      refused(
          RefusalReason.STATE,
          () -> keys.use().makeMac(HEAD, id(1), buffer(), ByteBuffer.allocate(64)));
      refused(
          RefusalReason.STATE,
          () -> keys.use().verifyMac(HEAD, id(1), buffer(new byte[32]), buffer()));
    }
  }

  @Test
  void withoutTheFlagNoAcknowledgementHelps() throws Exception {
    try (ElementSession session = keySession()) {
      for (KeyState state : List.of(KeyState.SUSPENDED, KeyState.COMPROMISED)) {
        KeyAttributes key = withFlags(keyFor(state.number(), KeyUsage.ENCRYPTION), Set.of());
        session.keys().store().generate(key);
        byte[] sealed = encrypted(session, HEAD, key.id(), counting(1, 5));
        bring(session, key.id(), state);
        refused(RefusalReason.STATE, () -> decrypted(session, ACKNOWLEDGED, key.id(), sealed));
      }
    }
  }

  @Test
  void aKeyIsUsedForNothingButItsUsages() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      keys.store().generate(keyFor(1, KeyUsage.MAC));
      KeyRefusal refusal =
          refused(RefusalReason.USAGE, () -> encrypted(session, ACKNOWLEDGED, id(1), new byte[1]));
      assertThat(refusal.operation()).contains(KeyOperation.ENCRYPT);
      assertThat(refusal.bound()).isEqualTo(1 << KeyUsage.MAC.bit());
      refused(RefusalReason.USAGE, () -> keys.use().sign(HEAD, id(1), buffer(new byte[32])));
      keys.store().generate(keyFor(2, KeyUsage.KEY_WRAPPING));
      refused(RefusalReason.USAGE, () -> keys.use().newDataKey(HEAD, id(2), 32, POLICY));
      keys.store().generate(keyFor(3, KeyUsage.SIGNATURE));
      refused(
          RefusalReason.USAGE,
          () -> keys.use().makeMac(HEAD, id(3), buffer(), ByteBuffer.allocate(64)));
      assertThatThrownBy(() -> encrypted(session, HEAD, id(9), new byte[1]))
          .isInstanceOfSatisfying(
              KeyNotFoundException.class, e -> assertThat(e.key()).isEqualTo(id(9)));
    }
  }

  @Test
  void aKeyThatIsToBeDestroyedDoesNothingMore() throws Exception {
    try (ElementSession session = keySession()) {
      session.keys().store().generate(keyFor(1, KeyUsage.ENCRYPTION));
      byte[] sealed = encrypted(session, HEAD, id(1), counting(1, 5));
      bring(session, id(1), KeyState.DEACTIVATED);
      decrypted(session, HEAD, id(1), sealed);
      session.keys().store().scheduleDestruction(id(1), new ElementTime(NOW + 77));
      KeyRefusal refusal =
          refused(
              RefusalReason.DESTRUCTION_SCHEDULED,
              () -> decrypted(session, ACKNOWLEDGED, id(1), sealed));
      assertThat(refusal.bound()).isEqualTo(NOW + 77);
      session.keys().store().cancelDestruction(id(1));
      decrypted(session, HEAD, id(1), sealed);
    }
  }

  @Test
  void keysForTheHostNeedTheFlag() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      Set<KeyFlag> without = EnumSet.of(KeyFlag.REWRAP);
      keys.store().generate(withFlags(keyFor(1, KeyUsage.DATA_KEYS), without));
      KeyRefusal refusal =
          refused(RefusalReason.FLAG, () -> keys.use().newDataKey(ACKNOWLEDGED, id(1), 32, POLICY));
      assertThat(refusal.bound()).isEqualTo(1L << KeyFlag.HOST_KEYS.bit());
      assertThat(refusal.found()).isEqualTo(1L << KeyFlag.REWRAP.bit());
      keys.store().generate(withFlags(keyFor(2, KeyUsage.KEY_WRAPPING), without));
      Bytes wrapped = keys.use().wrap(HEAD, id(2), KeyWrapForm.RFC_5649, countingSecret(1, 20));
      refused(
          RefusalReason.FLAG, () -> keys.use().unwrap(HEAD, id(2), KeyWrapForm.RFC_5649, wrapped));
      keys.store().generate(withFlags(keyFor(3, KeyUsage.KEY_AGREEMENT), without));
      Bytes publicKey = keys.store().publicKey(id(3));
      refused(
          RefusalReason.FLAG,
          () -> keys.use().agree(HEAD, id(3), AgreementSide.RECIPIENT, publicKey));
    }
  }

  @Test
  void protectionBeginsAndEndsByWhatTheHostTellsAndProcessingByTheFloorAlone() throws Exception {
    try (ElementSession session = keySession()) {
      KeyId key = id(1);
      session
          .keys()
          .store()
          .generate(
              keyFor(1, KeyUsage.ENCRYPTION).withPeriods(periods(NOW, NOW + 1000, NOW + 2000)));
      KeyRefusal early =
          refused(
              RefusalReason.NOT_YET_ACTIVE,
              () -> encrypted(session, at(NOW - 1), key, new byte[1]));
      assertThat(early.bound()).isEqualTo(NOW);
      assertThat(early.found()).isEqualTo(NOW - 1);
      byte[] sealed = encrypted(session, at(NOW), key, counting(1, 5));
      encrypted(session, at(NOW + 939), key, new byte[1]);
      KeyRefusal late =
          refused(
              RefusalReason.ORIGINATOR_PERIOD,
              () -> encrypted(session, at(NOW + 940), key, new byte[1]));
      assertThat(late.bound()).isEqualTo(NOW + 1000);
      assertThat(late.found()).isEqualTo(NOW + 940);
      // Not turned back.
      refused(RefusalReason.ORIGINATOR_PERIOD, () -> encrypted(session, at(NOW), key, new byte[1]));
      decrypted(session, at(NOW + 900_000), key, sealed);
      session.keys().store().setFloor(new ElementTime(NOW + 1999));
      decrypted(session, HEAD, key, sealed);
      session.keys().store().setFloor(new ElementTime(NOW + 2000));
      KeyRefusal over =
          refused(RefusalReason.ACKNOWLEDGEMENT, () -> decrypted(session, HEAD, key, sealed));
      assertThat(over.bound()).isEqualTo(1L << KeyFlag.LATE_PROCESSING.bit());
      assertThat(decrypted(session, ACKNOWLEDGED, key, sealed)).isEqualTo(counting(1, 5));
    }
  }

  @Test
  void afterTheRecipientPeriodNothingIsProcessedWithoutTheFlag() throws Exception {
    try (ElementSession session = keySession()) {
      session
          .keys()
          .store()
          .generate(
              withFlags(
                  keyFor(1, KeyUsage.ENCRYPTION).withPeriods(periods(NOW, NOW + 100, NOW + 200)),
                  Set.of()));
      byte[] sealed = encrypted(session, HEAD, id(1), counting(1, 5));
      session.keys().store().setFloor(new ElementTime(NOW + 200));
      KeyRefusal refusal =
          refused(
              RefusalReason.RECIPIENT_PERIOD,
              () -> decrypted(session, ACKNOWLEDGED, id(1), sealed));
      assertThat(refusal.bound()).isEqualTo(NOW + 200);
      assertThat(refusal.found()).isEqualTo(NOW + 200);
    }
  }

  @Test
  void aLimitCountsUsesThatProtectWhetherTheySucceedOrNot() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      keys.store().generate(keyFor(1, KeyUsage.SIGNATURE).withLimit(3));
      keys.use().sign(HEAD, id(1), buffer(new byte[32]));
      assertThat(keys.store().read(id(1)).uses().reserved()).isEqualTo(1);
      assertThatThrownBy(() -> keys.use().sign(HEAD, id(1), buffer(new byte[31])))
          .isNotInstanceOf(KeyRefusedException.class);
      keys.use().confirm(id(1), CHALLENGE);
      while (keys.store().read(id(1)).uses().reserved() < 3) {
        keys.use().sign(HEAD, id(1), buffer(new byte[32]));
      }
      KeyRefusal refusal =
          refused(
              RefusalReason.LIMIT,
              () -> keys.use().sign(ACKNOWLEDGED, id(1), buffer(new byte[32])));
      assertThat(refusal.bound()).isEqualTo(3);
    }
    reopen();
    try (ElementSession session = keyLogin()) {
      refused(
          RefusalReason.LIMIT, () -> session.keys().use().sign(HEAD, id(1), buffer(new byte[32])));
    }
  }

  @Test
  void usesThatWereReservedAreGoneWithPowerAndNeverComeBack() throws Exception {
    try (ElementSession session = keySession()) {
      session.keys().store().generate(keyFor(1, KeyUsage.ENCRYPTION).withLimit(1000));
      encrypted(session, HEAD, id(1), new byte[1]);
      assertThat(session.keys().store().read(id(1)).blocks()).isEqualTo(1);
      for (int i = 1; i < 10; i++) {
        encrypted(session, HEAD, id(1), new byte[1]);
      }
      assertThat(session.keys().store().read(id(1)).blocks()).isEqualTo(1);
    }
    reopen();
    try (ElementSession session = keyLogin()) {
      encrypted(session, HEAD, id(1), new byte[1]);
      assertThat(session.keys().store().read(id(1)).uses().reserved()).isEqualTo(20);
    }
  }

  @Test
  void aBatchAnswersEachRequestByItself() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      keys.store().generate(keyFor(1, KeyUsage.ENCRYPTION));
      keys.store().generate(keyFor(2, KeyUsage.MAC));
      List<KeyRequest<Bytes>> requests = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        KeyId key = i == 40 ? id(2) : i == 70 ? id(3) : id(1);
        requests.add(KeyRequest.encrypt(key, POLICY, countingSecret(i, i == 99 ? 9000 : 200)));
      }
      List<KeyAnswer<Bytes>> answers = keys.use().batch(HEAD, requests);
      assertThat(answers).hasSize(100);
      List<KeyRequest<SecretBytes>> back = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        if (i == 40) {
          assertThat(error(answers.get(i)))
              .isInstanceOfSatisfying(
                  KeyRefusedException.class,
                  e -> {
                    assertThat(e.refusal().reason()).isEqualTo(RefusalReason.USAGE);
                    assertThat(e.refusal().entry()).hasValue(40);
                  });
        } else if (i == 70) {
          assertThat(error(answers.get(i)))
              .isInstanceOfSatisfying(
                  KeyNotFoundException.class, e -> assertThat(e.key()).isEqualTo(id(3)));
        } else {
          back.add(KeyRequest.decrypt(id(1), POLICY, done(answers.get(i))));
        }
      }
      List<KeyAnswer<SecretBytes>> plain = keys.use().batch(HEAD, back);
      try (SecretBytes first = done(plain.get(0));
          SecretBytes last = done(plain.get(plain.size() - 1))) {
        assertThat(clear(first)).isEqualTo(Bytes.copyOf(counting(0, 200)));
        assertThat(clear(last)).isEqualTo(Bytes.copyOf(counting(99, 9000)));
      }
    }
  }

  @Test
  void aBatchIsOfOneKindAndTellsWhichMacsAreWrong() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      keys.store().generate(keyFor(1, KeyUsage.MAC));
      List<KeyAnswer<Bytes>> macs =
          keys.use().batch(HEAD, List.of(KeyRequest.makeMac(id(1), POLICY)));
      Bytes right = done(macs.get(0));
      Bytes wrong = Bytes.copyOf(new byte[32]);
      List<KeyAnswer<Boolean>> answers =
          keys.use()
              .batch(
                  HEAD,
                  List.of(
                      KeyRequest.verifyMac(id(1), right, POLICY),
                      KeyRequest.verifyMac(id(1), wrong, POLICY),
                      KeyRequest.verifyMac(id(1), right, REASON)));
      assertThat(answers.stream().map(KeyUseContract::done)).containsExactly(true, false, false);
      assertThatThrownBy(
              () ->
                  keys.use()
                      .batch(
                          HEAD,
                          List.of(
                              KeyRequest.makeMac(id(1), POLICY), KeyRequest.sign(id(1), POLICY))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(keys.use().batch(KeyUseHead.NONE, List.<KeyRequest<Bytes>>of())).isEmpty();
    }
  }

  static <R> R done(KeyAnswer<R> answer) {
    if (answer instanceof KeyAnswer.Done<R> done) {
      return done.answer();
    }
    throw new AssertionError("refused: " + answer);
  }

  private static Throwable error(KeyAnswer<?> answer) {
    if (answer instanceof KeyAnswer.Refused<?> refused) {
      return refused.error();
    }
    throw new AssertionError("done: " + answer);
  }

  @Test
  void keysOfFilesAreMadeByTheClockOfTheSession() throws Exception {
    try (ElementSession session = keySession()) {
      KeyAttributes key = keyFor(1, KeyUsage.FILE_KEYS).withPeriods(periods(NOW, NOW + 900, 0));
      session.keys().store().generate(key);
      GrubRequest request = new GrubRequest(UID, null, 0, ManagedFileKey.create(key.id().bytes()));
      session.grub(VOLUME, List.of(request)).forEach(Grub::close);
      assertThat(session.keys().store().status().now().seconds()).isEqualTo(NOW);
      session.keys().store().tellTime(new ElementTime(NOW + 899));
      KeyRefusal refusal =
          refused(RefusalReason.ORIGINATOR_PERIOD, () -> session.grub(VOLUME, List.of(request)));
      assertThat(refusal.operation()).contains(KeyOperation.WRITE_FILE);
      ManagedFileKey unknown = ManagedFileKey.create(id(2).bytes());
      assertThatThrownBy(
              () -> session.grub(VOLUME, List.of(new GrubRequest(UID, null, 0, unknown))))
          .isInstanceOfSatisfying(
              KeyNotFoundException.class, e -> assertThat(e.key()).isEqualTo(id(2)));
    }
  }

  @Test
  void aKeyOfOneAlgorithmIsNotUsedAsOneOfAnother() throws Exception {
    try (ElementSession session = keySession()) {
      session.keys().store().generate(key(1, KeyAlgorithm.EC_P384, KeyUsage.SIGNATURE));
      assertThatThrownBy(() -> session.keys().use().sign(HEAD, id(1), buffer(new byte[32])))
          .isInstanceOf(StatusWordException.class);
    }
  }
}
