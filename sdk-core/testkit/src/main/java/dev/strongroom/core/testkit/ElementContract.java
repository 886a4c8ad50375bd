// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementAlreadyInitializedException;
import dev.strongroom.core.device.ElementHold;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementKeyChangedException;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.PinBlockedException;
import dev.strongroom.core.device.PinFormatException;
import dev.strongroom.core.device.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every element does, seen by a host: {@code docs/spec/element-protocol.md} as tests. What
 * only some elements can do is skipped by name where they do not declare it.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
@ExtendWith(ContractResults.class)
public abstract class ElementContract extends ElementSharingContract {

  /** G of P-256 (NIST SP 800-186, 3.2.1.3), whose private key, 1, no element has. */
  private static final ChannelKey BASE_POINT =
      new ChannelKey(
          Bytes.parse(
              "04"
                  + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                  + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));

  /** For subclasses. */
  protected ElementContract() {}

  @Test
  void aBlankElementSaysSoAndRefusesPins() throws Exception {
    assertThat(element().status().initialized()).isFalse();
    assertThatThrownBy(() -> login(USER_PIN)).isInstanceOf(ElementNotInitializedException.class);
    assertThatThrownBy(() -> element().changePin(Role.USER, pin(USER_PIN), pin(NEW_USER_PIN)))
        .isInstanceOf(ElementNotInitializedException.class);
    assertThatThrownBy(() -> element().unblock(pin(ADMINISTRATOR_PIN), pin(NEW_USER_PIN)))
        .isInstanceOf(ElementNotInitializedException.class);
  }

  @Test
  void theDescriptionIsTheSameEveryTime() throws Exception {
    ElementInfo blank = element().info();
    assertThat(blank.protocolMajor()).isEqualTo(ElementProtocol.MAJOR_VERSION);
    assertThat(blank.maxBatch()).isBetween(1, ElementProtocol.MAX_BATCH);
    assertThat(blank.maxRandom()).isPositive();
    initialize();
    assertThat(element().info().serialNumber()).isEqualTo(blank.serialNumber());
    reopen();
    assertThat(element().info()).isEqualTo(blank);
  }

  @Test
  void initializingHappensOnceInALife() throws Exception {
    initialize();
    assertThat(element().status().initialized()).isTrue();
    Bytes[] before = keys(GrubRequest.existing(UID, RND, 0));
    assertThatThrownBy(() -> element().initialize(pin("9999"), pin("99999999")))
        .isInstanceOf(ElementAlreadyInitializedException.class);
    assertThat(keys(GrubRequest.existing(UID, RND, 0))).isEqualTo(before);
  }

  @Test
  void pinsOfForbiddenLengthAreRefusedWithoutATry() throws Exception {
    assertThatThrownBy(() -> element().initialize(pin("123"), pin(ADMINISTRATOR_PIN)))
        .isInstanceOfSatisfying(
            PinFormatException.class, e -> assertThat(e.role()).isEqualTo(Role.USER));
    assertThatThrownBy(() -> element().initialize(pin(USER_PIN), pin("1234567")))
        .isInstanceOfSatisfying(
            PinFormatException.class, e -> assertThat(e.role()).isEqualTo(Role.ADMINISTRATOR));
    assertThatThrownBy(() -> element().initialize(pin("1".repeat(33)), pin(ADMINISTRATOR_PIN)))
        .isInstanceOf(PinFormatException.class);
    assertThat(element().status().initialized()).isFalse();
    initialize();
    assertThatThrownBy(() -> login("123")).isInstanceOf(PinFormatException.class);
    assertThatThrownBy(() -> login("")).isInstanceOf(PinFormatException.class);
    assertThatThrownBy(() -> login("1".repeat(33))).isInstanceOf(PinFormatException.class);
    assertThatThrownBy(() -> element().changePin(Role.USER, pin(USER_PIN), pin("123")))
        .isInstanceOf(PinFormatException.class);
    assertThat(element().status().userTriesLeft()).isEqualTo(profile().userTries());
  }

  @Test
  void theChannelKeyStaysAndAnotherOneGetsNoPin() throws Exception {
    requireCapability(Capability.SECURE_CHANNEL);
    initialize();
    ChannelKey key = element().channelKey();
    try (ElementSession session = login(USER_PIN)) {
      assertThat(session.channelKey()).contains(key);
    }
    reopen();
    element().expectChannelKey(key);
    login(USER_PIN).close();
    assertThat(element().channelKey()).isEqualTo(key);
    element().expectChannelKey(BASE_POINT);
    assertThatThrownBy(() -> login("4321"))
        .isInstanceOfSatisfying(
            ElementKeyChangedException.class,
            e -> {
              assertThat(e.expected()).isEqualTo(BASE_POINT.fingerprint());
              assertThat(e.found()).isEqualTo(key.fingerprint());
            });
    assertThat(element().status().userTriesLeft()).isEqualTo(profile().userTries());
  }

  @Test
  void pinsOfTheLongestKindWork() throws Exception {
    String longest = "🔑".repeat(32);
    element().initialize(pin(longest), pin(longest));
    login(longest).close();
    element().unblock(pin(longest), pin("4444"));
    login("4444").close();
  }

  @Test
  void aWrongPinCostsATryAndARightOneGivesThemBack() throws Exception {
    initialize();
    int tries = profile().userTries();
    for (int left = tries - 1; left > 0; left--) {
      int expected = left;
      assertThatThrownBy(() -> login("4321"))
          .isInstanceOfSatisfying(
              AuthenticationFailedException.class,
              e -> {
                assertThat(e.attemptsRemaining()).isEqualTo(expected);
                assertThat(e.role()).isEqualTo(Role.USER);
              });
      assertThat(element().status().userTriesLeft()).isEqualTo(left);
    }
    reopen();
    assertThat(element().status().userTriesLeft()).isEqualTo(1);
    login(USER_PIN).close();
    assertThat(element().status().userTriesLeft()).isEqualTo(tries);
  }

  @Test
  void blockedMeansBlockedUntilTheAdministratorSetsANewPin() throws Exception {
    initialize();
    Bytes[] before = keys(GrubRequest.existing(UID, RND, 0));
    blockUser();
    assertThatThrownBy(() -> login(USER_PIN))
        .isInstanceOfSatisfying(
            PinBlockedException.class, e -> assertThat(e.role()).isEqualTo(Role.USER));
    reopen();
    assertThatThrownBy(() -> login(USER_PIN)).isInstanceOf(PinBlockedException.class);
    assertThatThrownBy(() -> element().changePin(Role.USER, pin(USER_PIN), pin(NEW_USER_PIN)))
        .isInstanceOf(PinBlockedException.class);
    assertThatThrownBy(() -> element().unblock(pin("00000000"), pin(NEW_USER_PIN)))
        .isInstanceOfSatisfying(
            AuthenticationFailedException.class,
            e -> {
              assertThat(e.role()).isEqualTo(Role.ADMINISTRATOR);
              assertThat(e.attemptsRemaining()).isEqualTo(profile().administratorTries() - 1);
            });
    element().unblock(pin(ADMINISTRATOR_PIN), pin(NEW_USER_PIN));
    ElementStatus status = element().status();
    assertThat(status.userTriesLeft()).isEqualTo(profile().userTries());
    assertThat(status.administratorTriesLeft()).isEqualTo(profile().administratorTries());
    assertThatThrownBy(() -> login(USER_PIN)).isInstanceOf(AuthenticationFailedException.class);
    assertThat(keys(NEW_USER_PIN, GrubRequest.existing(UID, RND, 0))).isEqualTo(before);
  }

  @Test
  void theAdministratorIsBlockedForGoodAndTheUserGoesOn() throws Exception {
    initialize();
    for (int left = profile().administratorTries() - 1; left >= 0; left--) {
      int expected = left;
      assertThatThrownBy(() -> element().unblock(pin("00000000"), pin(NEW_USER_PIN)))
          .isInstanceOfSatisfying(
              AuthenticationFailedException.class,
              e -> assertThat(e.attemptsRemaining()).isEqualTo(expected));
    }
    assertThatThrownBy(() -> element().unblock(pin(ADMINISTRATOR_PIN), pin(NEW_USER_PIN)))
        .isInstanceOfSatisfying(
            PinBlockedException.class, e -> assertThat(e.role()).isEqualTo(Role.ADMINISTRATOR));
    assertThat(element().status().administratorTriesLeft()).isZero();
    login(USER_PIN).close();
  }

  @Test
  void aChangedPinReplacesTheOldOneAndKeepsTheKeys() throws Exception {
    initialize();
    Bytes[] before = keys(GrubRequest.existing(UID, RND, 7));
    assertThatThrownBy(() -> element().changePin(Role.USER, pin("4321"), pin(NEW_USER_PIN)))
        .isInstanceOf(AuthenticationFailedException.class);
    element().changePin(Role.USER, pin(USER_PIN), pin(NEW_USER_PIN));
    assertThat(element().status().userTriesLeft()).isEqualTo(profile().userTries());
    reopen();
    assertThatThrownBy(() -> login(USER_PIN)).isInstanceOf(AuthenticationFailedException.class);
    assertThat(keys(NEW_USER_PIN, GrubRequest.existing(UID, RND, 7))).isEqualTo(before);
    element().changePin(Role.ADMINISTRATOR, pin(ADMINISTRATOR_PIN), pin("administrator"));
    assertThatThrownBy(() -> element().unblock(pin(ADMINISTRATOR_PIN), pin(USER_PIN)))
        .isInstanceOf(AuthenticationFailedException.class);
    element().unblock(pin("administrator"), pin(USER_PIN));
    login(USER_PIN).close();
  }

  @Test
  void keysDependOnEveryPartOfTheRequestAndOnNothingElse() throws Exception {
    initialize();
    GrubRequest request = GrubRequest.existing(UID, RND, 0);
    Bytes[] keys = keys(request);
    assertThat(keys(request)).isEqualTo(keys);
    Set<Bytes> all = new HashSet<>(List.of(keys));
    try (ElementSession session = login(USER_PIN)) {
      all.addAll(List.of(keys(session, OTHER_VOLUME, request)));
      all.addAll(List.of(keys(session, VOLUME, GrubRequest.existing(RND, RND, 0))));
      all.addAll(List.of(keys(session, VOLUME, GrubRequest.existing(UID, UID, 0))));
      all.addAll(List.of(keys(session, VOLUME, GrubRequest.existing(UID, RND, 1))));
      all.addAll(List.of(keys(session, VOLUME, GrubRequest.existing(UID, RND, -1))));
    }
    assertThat(all).hasSize(12);
    reopen();
    assertThat(keys(request)).isEqualTo(keys);
  }

  @Test
  void aNewFileGetsItsRndFromTheElement() throws Exception {
    initialize();
    try (ElementSession session = login(USER_PIN);
        Grub first = session.grub(VOLUME, List.of(GrubRequest.create(UID))).get(0);
        Grub second = session.grub(VOLUME, List.of(GrubRequest.create(UID))).get(0);
        Grub again =
            session.grub(VOLUME, List.of(GrubRequest.existing(UID, first.rnd(), 0))).get(0)) {
      assertThat(first.rnd().length()).isEqualTo(16);
      assertThat(second.rnd()).isNotEqualTo(first.rnd());
      assertThat(second.enc().matches(first.enc())).isFalse();
      assertThat(again.rnd()).isEqualTo(first.rnd());
      assertThat(again.enc().matches(first.enc())).isTrue();
      assertThat(again.sig().matches(first.sig())).isTrue();
      assertThat(again.enc().matches(again.sig())).isFalse();
      assertThat(again.randomness().matches(first.randomness())).isFalse();
      assertThat(again.randomness().length()).isEqualTo(32);
    }
  }

  @Test
  void batchesOfEverySizeAnswerInOrder() throws Exception {
    initialize();
    try (ElementSession session = login(USER_PIN)) {
      for (int size : new int[] {1, 2, 3, 63, 64, 65, 200}) {
        List<GrubRequest> requests = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          requests.add(GrubRequest.existing(UID, RND, i));
        }
        List<Grub> answers = session.grub(VOLUME, requests);
        assertThat(answers).hasSize(size);
        Set<Bytes> randomness = new HashSet<>();
        for (int i = 0; i < size; i += 31) {
          Bytes[] alone = keys(session, VOLUME, requests.get(i));
          assertThat(clear(answers.get(i).enc())).isEqualTo(alone[0]);
          assertThat(clear(answers.get(i).sig())).isEqualTo(alone[1]);
        }
        answers.forEach(answer -> randomness.add(clear(answer.randomness())));
        assertThat(randomness).hasSize(size);
        answers.forEach(Grub::close);
      }
      assertThatThrownBy(() -> session.grub(VOLUME, List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.grub(Bytes.parse("00"), List.of(GrubRequest.create(UID))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void pagesHaveKeysOfTheirOwn() throws Exception {
    initialize();
    GrubRequest file = GrubRequest.existing(UID, RND, 0);
    try (ElementSession session = login(USER_PIN)) {
      if (!session.info().capabilities().contains(Capability.GRUB_PAGES)) {
        return;
      }
      int most = session.info().maxBatch();
      List<SecretBytes> run = session.pageGrub(VOLUME, file, 1_000_000_000_000L, most);
      List<SecretBytes> one = session.pageGrub(VOLUME, file, 1_000_000_000_001L, 1);
      assertThat(run).hasSize(most);
      assertThat(most == 1 || run.get(1).matches(one.get(0))).isTrue();
      Set<Bytes> all = new HashSet<>(List.of(keys(session, VOLUME, file)));
      run.forEach(key -> all.add(clear(key)));
      assertThat(all).hasSize(most + 2);
      run.forEach(SecretBytes::close);
      one.forEach(SecretBytes::close);
      assertThatThrownBy(() -> session.pageGrub(VOLUME, GrubRequest.create(UID), 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.pageGrub(VOLUME, file, -1, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.pageGrub(VOLUME, file, Long.MAX_VALUE, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.pageGrub(VOLUME, file, 0, 65))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void randomBytesComeInAnyNumber() throws Exception {
    initialize();
    try (ElementSession session = login(USER_PIN)) {
      Set<Bytes> seen = new HashSet<>();
      for (int length : new int[] {16, 255, 256, 257, 7168, 7169, 20_000}) {
        byte[] random = session.random(length);
        assertThat(random).hasSize(length);
        seen.add(Bytes.copyOf(random, length - 16, 16));
      }
      assertThat(seen).hasSize(7);
    }
  }

  @Test
  void sessionsAreIndependent() throws Exception {
    initialize();
    ElementSession first = login(USER_PIN);
    try (ElementSession second = login(USER_PIN)) {
      assertThatThrownBy(() -> login("4321")).isInstanceOf(AuthenticationFailedException.class);
      first.close();
      assertThat(first.isOpen()).isFalse();
      assertThat(second.isOpen()).isTrue();
      assertThat(second.random(8)).hasSize(8);
      keys(second, VOLUME, GrubRequest.existing(UID, RND, 0));
      assertThat(element().sessions()).containsExactly(second);
    }
    assertThat(element().sessions()).isEmpty();
  }

  @Test
  void aClosedSessionIsAProgrammersError() throws Exception {
    initialize();
    ElementSession session = login(USER_PIN);
    session.close();
    session.close();
    assertThatThrownBy(() -> session.random(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> session.grub(VOLUME, List.of(GrubRequest.create(UID))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::exclusive).isInstanceOf(IllegalStateException.class);
    login(USER_PIN).close();
  }

  @Test
  void closingTheElementClosesItsSessions() throws Exception {
    initialize();
    ElementSession session = login(USER_PIN);
    element().close();
    assertThat(session.isOpen()).isFalse();
    assertThatThrownBy(() -> element().status()).isInstanceOf(IllegalStateException.class);
    openAgain();
    login(USER_PIN).close();
  }

  @Test
  void manyThreadsUseOneSessionAndSeveral() throws Exception {
    initialize();
    GrubRequest file = GrubRequest.existing(UID, RND, 0);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (ElementSession shared = login(USER_PIN);
        ElementSession other = login(USER_PIN)) {
      Bytes[] expected = keys(shared, VOLUME, file);
      List<Future<Integer>> results = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        ElementSession session = t % 2 == 0 ? shared : other;
        Callable<Integer> work =
            () -> {
              int right = 0;
              for (int i = 0; i < 50; i++) {
                right += List.of(keys(session, VOLUME, file)).equals(List.of(expected)) ? 1 : 0;
              }
              return right;
            };
        results.add(threads.submit(work));
      }
      for (Future<Integer> result : results) {
        assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(50);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aHeldElementWaitsForItsHolder() throws Exception {
    initialize();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (ElementSession holder = login(USER_PIN);
        ElementSession other = login(USER_PIN)) {
      Future<byte[]> waiting;
      try (ElementHold hold = holder.exclusive()) {
        assertThat(hold.session()).isSameAs(holder);
        waiting = thread.submit(() -> other.random(4));
        assertThat(holder.random(4)).hasSize(4);
        try (ElementHold again = holder.exclusive()) {
          assertThat(again.session()).isSameAs(holder);
        }
        assertThatThrownBy(() -> waiting.get(50, TimeUnit.MILLISECONDS))
            .isInstanceOf(java.util.concurrent.TimeoutException.class);
      }
      assertThat(waiting.get(60, TimeUnit.SECONDS)).hasSize(4);
    } finally {
      thread.shutdownNow();
    }
  }

  private void blockUser() {
    for (int left = profile().userTries() - 1; left >= 0; left--) {
      int expected = left;
      assertThatThrownBy(() -> login("4321"))
          .isInstanceOfSatisfying(
              AuthenticationFailedException.class,
              e -> assertThat(e.attemptsRemaining()).isEqualTo(expected));
    }
  }
}
