// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.KeyId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ElementSessionTest {

  private static final TrustAnchor ANCHOR =
      new TrustAnchor(1, 1, List.of(P256.generate(new SecureRandom()).publicKey()));

  private final FakeElement fake = new FakeElement();
  private final SecureElement element = SecureElement.open(fake);

  private ElementSession login() throws Exception {
    try (SecretBytes pin = SecretBytes.encode("1234".toCharArray())) {
      return element.login(pin);
    }
  }

  @Test
  void anElementWithoutAKeyStoreIsAskedNothingOfIt() throws Exception {
    ElementSession session = login();
    ElementKeys keys = session.keys();
    KeyId key = KeyId.parse("404142434445464748494a4b4c4d4e4f");
    ManagedFileKey fileKey = ManagedFileKey.create(key.bytes());
    GrubRequest request = new GrubRequest(key.bytes(), null, 0, fileKey);
    assertMissing(Capability.KEY_STORE, () -> keys.store().status());
    assertMissing(Capability.KEY_STORE, () -> keys.use().confirm(key, key.bytes()));
    assertMissing(Capability.KEY_STORE, () -> session.grub(key.bytes(), List.of(request)));
    assertMissing(Capability.KEY_ORDERS, () -> keys.orders().position(key.bytes()));
    assertMissing(
        Capability.CERTIFYING,
        () -> keys.orders().signAnchor(SecretBytes.encode("12345678".toCharArray()), ANCHOR));
    session.close();
    assertThatThrownBy(() -> keys.store().status()).isInstanceOf(IllegalStateException.class);
  }

  private static void assertMissing(Capability capability, ThrowingCallable command) {
    assertThatThrownBy(command)
        .isInstanceOfSatisfying(
            UnsupportedCapabilityException.class,
            e -> assertThat(e.capability()).isEqualTo(capability));
  }

  @Test
  void listenersRunInReverseOrderAndCanStillUseTheSession() throws Exception {
    ElementSession session = login();
    List<String> order = new ArrayList<>();
    session.onClose(
        () -> {
          order.add("first " + session.isOpen() + " " + fake.closedChannels());
        });
    session.onClose(
        () -> {
          try {
            order.add("second " + session.random(3).length);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    session.close();
    assertThat(order).containsExactly("second 3", "first true 0");
    assertThat(session.isOpen()).isFalse();
    assertThat(fake.closedChannels()).isEqualTo(1);
    session.onClose(() -> order.add("late"));
    assertThat(order).endsWith("late");
  }

  @Test
  void aSecondCloseWaitsForTheListenersOfTheFirst() throws Exception {
    ElementSession session = login();
    CountDownLatch inListener = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    session.onClose(
        () -> {
          inListener.countDown();
          await(goOn);
          seen.add(fake.closedChannels());
        });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> first = threads.submit(session::close);
      await(inListener);
      Future<?> second = threads.submit(session::close);
      assertThatThrownBy(() -> second.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(fake.closedChannels()).isZero();
      assertThat(session.random(2)).hasSize(2);
      goOn.countDown();
      first.get(10, TimeUnit.SECONDS);
      second.get(10, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
    assertThat(seen).containsExactly(0);
    assertThat(fake.closedChannels()).isEqualTo(1);
  }

  @Test
  void aListenerMayCloseTheSessionAndRegisterOthers() throws Exception {
    ElementSession session = login();
    List<String> order = new ArrayList<>();
    session.onClose(
        () -> {
          order.add("outer");
          session.close();
          session.onClose(() -> order.add("inner " + session.isOpen()));
        });
    session.close();
    assertThat(order).containsExactly("outer", "inner true");
  }

  @Test
  void aFailingListenerStopsNoOther() throws Exception {
    ElementSession session = login();
    List<String> order = new ArrayList<>();
    session.onClose(() -> order.add("last"));
    session.onClose(
        () -> {
          throw new IllegalArgumentException("b");
        });
    session.onClose(
        () -> {
          throw new IllegalStateException("a");
        });
    assertThatThrownBy(session::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(order).containsExactly("last");
    assertThat(fake.closedChannels()).isEqualTo(1);
    assertThat(session.isOpen()).isFalse();
    session.close();
  }

  @Test
  void anotherMajorVersionIsRefusedBeforeThePinIsSent() {
    fake.setMajorVersion(2);
    assertThatThrownBy(this::login)
        .isInstanceOfSatisfying(
            ProtocolVersionException.class,
            e -> {
              assertThat(e.found()).isEqualTo(2);
              assertThat(e.supported()).isEqualTo(1);
            });
    assertThat(fake.verifications()).isZero();
    assertThat(fake.closedChannels()).isEqualTo(1);
  }

  @Test
  void aHoldWaitsForCommandsUnderWayAndKeepsOthersOut() throws Exception {
    ElementSession holder = login();
    ElementSession other = login();
    CountDownLatch inCommand = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    fake.onRandom(
        () -> {
          inCommand.countDown();
          await(goOn);
        });
    ExecutorService threads = Executors.newSingleThreadExecutor();
    ExecutorService holding = Executors.newSingleThreadExecutor(); // what it holds it may also use
    try {
      Future<byte[]> underWay = threads.submit(() -> other.random(1));
      await(inCommand);
      fake.onRandom(() -> {});
      Future<ElementHold> hold = holding.submit(holder::exclusive);
      assertThatThrownBy(() -> hold.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      goOn.countDown();
      underWay.get(10, TimeUnit.SECONDS);
      ElementHold held = hold.get(10, TimeUnit.SECONDS);
      Future<byte[]> waiting = threads.submit(() -> other.random(1));
      assertThatThrownBy(() -> waiting.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(holder.random(1)).hasSize(1);
      held.close();
      held.close();
      waiting.get(10, TimeUnit.SECONDS);
      ElementHold again = other.exclusive();
      assertThatThrownBy(holder::exclusive).isInstanceOf(IllegalStateException.class);
      other.close();
      assertThat(holder.random(1)).hasSize(1);
      again.close();
    } finally {
      holding.shutdownNow();
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new AssertionError("waited too long");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
