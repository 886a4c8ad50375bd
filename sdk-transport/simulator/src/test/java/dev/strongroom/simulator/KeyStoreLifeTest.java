// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.ElementAdministeredException;
import dev.strongroom.core.device.KeyExpiredException;
import dev.strongroom.core.device.KeyLimitReachedException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyStateRefusedException;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.KeyStoreStatus;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecurityStatusException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.testkit.RootAuthority;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The key store of one element over its life: power, logins, threads, WIPE, enrolment. */
@Tag("jdk25")
class KeyStoreLifeTest {

  private static final byte[] TEXT = {1, 2, 3};
  private static final int THREADS = 4;

  private static byte[] blank = {};

  private final MemoryElementStore store = MemoryElementStore.of(blank);

  @BeforeAll
  static void makeOne() throws Exception {
    blank = Stored.initialized();
  }

  @Test
  void aToldTimeLastsUntilPowerGoesAndTheFloorForEver() throws Exception {
    KeyPeriods periods =
        new KeyPeriods(
            ElementTime.NONE,
            new ElementTime(ManagedElement.NOW + 1000),
            ElementTime.NONE,
            ElementTime.NONE);
    KeyUseHead late = new KeyUseHead(new ElementTime(ManagedElement.NOW + 940), null);
    try (ManagedElement element = ManagedElement.open(store)) {
      element.keys().generate(ManagedElement.cipherKey(1, 1000).withPeriods(periods));
      element.encrypt(ManagedElement.id(1), TEXT);
      assertThatThrownBy(
              () ->
                  element
                      .commands()
                      .keyUse()
                      .encrypt(
                          late,
                          ManagedElement.id(1),
                          ByteBuffer.allocate(0),
                          ByteBuffer.wrap(TEXT),
                          ByteBuffer.allocate(50)))
          .isInstanceOf(KeyExpiredException.class);
      // The earlier time does not bring it back, nor does another login.
      element.login();
      assertThatThrownBy(() -> element.encrypt(ManagedElement.id(1), TEXT))
          .isInstanceOf(KeyExpiredException.class);
      assertThat(element.keys().status().floor()).isEqualTo(ElementTime.NONE);
      element.simulated().powerOff();
      element.simulated().powerOn();
      element.login();
      element.encrypt(ManagedElement.id(1), TEXT);
      element.keys().setFloor(late.time());
    }
    try (ManagedElement element = ManagedElement.open(store)) {
      assertThatThrownBy(() -> element.encrypt(ManagedElement.id(1), TEXT))
          .isInstanceOf(KeyExpiredException.class);
      assertThat(element.keys().status().now()).isEqualTo(late.time());
    }
  }

  @Test
  void whatIsLeftOfABlockGoesWithPower() throws Exception {
    try (ManagedElement element = ManagedElement.open(store)) {
      element.keys().generate(ManagedElement.cipherKey(1, 300));
      element.encrypt(ManagedElement.id(1), TEXT);
      element.simulated().powerOff();
      element.simulated().powerOn();
      element.login();
      element.encrypt(ManagedElement.id(1), TEXT);
      assertThat(element.keys().read(ManagedElement.id(1)).blocks()).isEqualTo(2);
    }
  }

  @Test
  void threadsTogetherUseAKeyAsOftenAsItsLimitSays() throws Exception {
    try (ManagedElement element = ManagedElement.open(store)) {
      element.keys().generate(ManagedElement.cipherKey(1, 400));
      AtomicInteger used = new AtomicInteger();
      inThreads(
          () -> {
            try {
              while (true) {
                element.encrypt(ManagedElement.id(1), TEXT);
                used.incrementAndGet();
              }
            } catch (KeyLimitReachedException e) {
              return;
            }
          });
      assertThat(used).hasValue(400);
    }
  }

  @Test
  void noUseBeginsWithASuspendedKeyAfterTheSuspensionWasAnswered() throws Exception {
    try (ManagedElement element = ManagedElement.open(store)) {
      KeyStoreCommands keys = element.keys();
      keys.generate(ManagedElement.cipherKey(1, 1_000_000_000));
      // Odd from when a suspension was answered until a resumption is asked for.
      AtomicInteger phase = new AtomicInteger();
      AtomicInteger used = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(
            threads.submit(
                () -> {
                  for (int before = phase.get(); before >= 0; before = phase.get()) {
                    try {
                      element.encrypt(ManagedElement.id(1), TEXT);
                      assertThat(before % 2 == 1 && phase.get() == before).isFalse();
                      used.incrementAndGet();
                    } catch (KeyStateRefusedException e) {
                      refused.incrementAndGet();
                    }
                  }
                  return true;
                }));
      }
      for (int i = 0; i < 40; i++) {
        awaitMore(used, running);
        keys.setState(ManagedElement.id(1), KeyState.ACTIVE, KeyState.SUSPENDED);
        phase.incrementAndGet();
        awaitMore(refused, running);
        phase.incrementAndGet();
        keys.setState(ManagedElement.id(1), KeyState.SUSPENDED, KeyState.ACTIVE);
      }
      phase.set(-1);
      for (Future<?> each : running) {
        each.get();
      }
      threads.shutdown();
    }
  }

  private static void awaitMore(AtomicInteger count, List<Future<?>> running) {
    int before = count.get();
    while (count.get() < before + 20 && running.stream().noneMatch(Future::isDone)) {
      Thread.onSpinWait();
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void inThreads(Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(
            threads.submit(
                () -> {
                  work.run();
                  return true;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aLowerLimitCountsWhatWasUsedAlready() throws Exception {
    try (ManagedElement element = ManagedElement.open(store)) {
      element.keys().generate(ManagedElement.cipherKey(1, 1000));
      for (int i = 0; i < 15; i++) {
        element.encrypt(ManagedElement.id(1), TEXT);
      }
      shorten(element, 18);
      for (int i = 0; i < 3; i++) {
        element.encrypt(ManagedElement.id(1), TEXT);
      }
      assertThatThrownBy(() -> element.encrypt(ManagedElement.id(1), TEXT))
          .isInstanceOf(KeyLimitReachedException.class);
      shorten(element, 5);
      assertThatThrownBy(() -> element.encrypt(ManagedElement.id(1), TEXT))
          .isInstanceOf(KeyLimitReachedException.class);
    }
  }

  private static void shorten(ManagedElement element, long limit) throws Exception {
    element
        .keys()
        .shorten(
            ManagedElement.id(1),
            new KeyShortening(
                Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.of(limit)));
  }

  @Test
  void aKeyThatIsMadeAgainWithTheSameIdHasItsOwnUses() throws Exception {
    try (ManagedElement element = ManagedElement.open(store)) {
      KeyStoreCommands keys = element.keys();
      keys.generate(ManagedElement.cipherKey(1, 1000));
      byte[] sealed = element.encrypt(ManagedElement.id(1), TEXT);
      keys.setState(ManagedElement.id(1), KeyState.ACTIVE, KeyState.DEACTIVATED);
      keys.scheduleDestruction(ManagedElement.id(1), new ElementTime(1));
      keys.setFloor(new ElementTime(1));
      keys.remove(ManagedElement.id(1));
      keys.generate(ManagedElement.cipherKey(1, 1));
      element.encrypt(ManagedElement.id(1), TEXT);
      assertThatThrownBy(() -> element.encrypt(ManagedElement.id(1), TEXT))
          .isInstanceOf(KeyLimitReachedException.class);
      assertThatThrownBy(() -> element.decrypt(ManagedElement.id(1), sealed))
          .hasMessageContaining("cannot open");
    }
  }

  @Test
  void theEndOfALoginEndsTheUseAndWipeTheKeys() throws Exception {
    try (ManagedElement element = ManagedElement.open(store)) {
      element.keys().generate(ManagedElement.cipherKey(1, 1000));
      element.keys().setFloor(new ElementTime(5));
      element.encrypt(ManagedElement.id(1), TEXT);
      element.commands().wipe(Stored.pin(Stored.ADMINISTRATOR_PIN));
      assertThatThrownBy(() -> element.encrypt(ManagedElement.id(1), TEXT))
          .isNotInstanceOf(SecurityStatusException.class);
      element
          .commands()
          .initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      assertThatThrownBy(() -> element.encrypt(ManagedElement.id(1), TEXT))
          .isInstanceOf(SecurityStatusException.class);
      element.login();
      assertThatThrownBy(() -> element.encrypt(ManagedElement.id(1), TEXT))
          .isInstanceOf(KeyNotFoundException.class);
      KeyStoreStatus status = element.keys().status();
      assertThat(status.records()).isZero();
      assertThat(status.floor()).isEqualTo(ElementTime.NONE);
      element.keys().generate(ManagedElement.cipherKey(1, 1));
      element.encrypt(ManagedElement.id(1), TEXT);
    }
  }

  @Test
  void whoEnrolsAnElementTakesItsKeysAwayFirst() throws Exception {
    RootAuthority roots = RootAuthority.of(1);
    try (ManagedElement element = ManagedElement.open(store)) {
      KeyStoreCommands keys = element.keys();
      keys.setFloor(new ElementTime(7));
      keys.generate(ManagedElement.cipherKey(1, 1000).withState(KeyState.PRE_ACTIVE));
      assertThatThrownBy(
              () ->
                  element
                      .commands()
                      .setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), roots.anchor(1, 1)))
          .isInstanceOf(ConditionsNotSatisfiedException.class)
          .hasMessageContaining("remove them first");
      keys.setState(ManagedElement.id(1), KeyState.PRE_ACTIVE, KeyState.DESTROYED);
      keys.remove(ManagedElement.id(1));
      element.commands().setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), roots.anchor(1, 1));
      KeyStoreStatus status = keys.status();
      assertThat(status.administration()).isEqualTo(KeyStoreStatus.Administration.BY_ORDERS);
      assertThat(status.floor()).isEqualTo(ElementTime.NONE);
      assertThatThrownBy(() -> keys.generate(ManagedElement.cipherKey(2, 1)))
          .isInstanceOf(ElementAdministeredException.class);
      assertThatThrownBy(() -> keys.setFloor(new ElementTime(8)))
          .isInstanceOf(ElementAdministeredException.class);
    }
  }

  @Test
  void allRolesOfLoginsSeeOneKeyStore() throws Exception {
    try (ManagedElement element = ManagedElement.open(store);
        var other = element.simulated().openChannel()) {
      element.keys().generate(ManagedElement.cipherKey(1, 1000));
      other.verify(Role.USER, Stored.pin(Stored.USER_PIN));
      ByteBuffer out = ByteBuffer.allocate(31);
      other
          .keyUse()
          .encrypt(
              ManagedElement.HEAD,
              ManagedElement.id(1),
              ByteBuffer.allocate(0),
              ByteBuffer.wrap(TEXT),
              out);
      assertThat(element.decrypt(ManagedElement.id(1), out.array())).isEqualTo(TEXT);
    }
  }
}
