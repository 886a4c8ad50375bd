// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.channel.ChannelKeyPair;
import dev.strongroom.core.device.ElementChangedException;
import dev.strongroom.core.device.ElementKeyChangedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.testkit.AlteringTransport;
import dev.strongroom.core.testkit.RecordingTransport;
import dev.strongroom.core.testkit.SwappingTransport;
import dev.strongroom.core.testkit.SwappingTransport.Notice;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.Transport;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An element stays the one that it was, or nothing secret is sent to it. */
class SameElementTest {

  private final SimulatedElement first = initialized();
  private final SimulatedElement second = initialized();

  private static SimulatedElement initialized() {
    try {
      return Stored.simulated(MemoryElementStore.of(Stored.initialized()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static ChannelKey keyOf(SimulatedElement element) throws Exception {
    return element.openChannel().channelCertificate().key();
  }

  private static int tries(SimulatedElement element) throws Exception {
    return element.openChannel().status().userTriesLeft();
  }

  @ParameterizedTest
  @EnumSource
  void theChannelKeyIsTheSameOnEveryWay(Reach way) throws Exception {
    ChannelKey expected = keyOf(first);
    try (SecureElement element = SecureElement.open(way.to(first))) {
      assertThat(element.channelKey()).isEqualTo(expected);
      element.expectChannelKey(expected);
      try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
        assertThat(session.channelKey()).contains(expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void noPinGoesToAnElementWithAnotherKey(Reach way) throws Exception {
    ChannelKey expected = keyOf(second);
    ChannelKey found = keyOf(first);
    RecordingTransport record = new RecordingTransport(way.to(first));
    Transport transport = way == Reach.IN_PROCESS ? first : record;
    try (SecureElement element = SecureElement.open(transport)) {
      element.expectChannelKey(expected);
      List<ThrowingCallable> carriesPin =
          List.of(
              () -> element.login(Stored.pin("wrong")),
              () -> element.verify(Role.USER, Stored.pin("wrong")),
              () -> element.changePin(Role.USER, Stored.pin("wrong"), Stored.pin("4444")),
              () -> element.unblock(Stored.pin("wrong wrong"), Stored.pin("4444")),
              () ->
                  element.initialize(
                      Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN)),
              element::channelKey);
      for (ThrowingCallable work : carriesPin) {
        assertThatThrownBy(work)
            .isInstanceOfSatisfying(
                ElementKeyChangedException.class,
                e -> {
                  assertThat(e.expected()).isEqualTo(expected.fingerprint());
                  assertThat(e.found()).isEqualTo(found.fingerprint());
                  assertThat(e).hasMessageContaining(expected.fingerprintText());
                  assertThat(e).hasMessageContaining(found.fingerprintText());
                });
      }
      assertThat(element.info().serialNumber().length()).isEqualTo(16);
      assertThat(tries(first)).isEqualTo(5);
      assertThat(element.status().administratorTriesLeft()).isEqualTo(10);
      assertThat(record.exchanges())
          .noneMatch(
              exchange ->
                  List.of(
                          ElementProtocol.INS_VERIFY,
                          ElementProtocol.INS_CHANGE_REFERENCE_DATA,
                          ElementProtocol.INS_RESET_RETRY_COUNTER,
                          ElementProtocol.INS_INITIALIZE)
                      .contains(exchange.command().at(1) & 0xFF));
      element.expectChannelKey(found);
      element.login(Stored.pin(Stored.USER_PIN)).close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatIsExpectedLaterCountsForTheNextPin(Reach way) throws Exception {
    try (SecureElement element = SecureElement.open(way.to(first));
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      element.expectChannelKey(keyOf(second));
      assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
          .isInstanceOf(ElementKeyChangedException.class);
      assertThatThrownBy(session::channelKey).isInstanceOf(ElementKeyChangedException.class);
      assertThat(session.random(1)).hasSize(1);
    }
  }

  @Test
  void anElementThatComesBackWithAnotherKeyIsRefusedWithoutBeingPinned() throws Exception {
    Bytes serialNumber = first.openChannel().select().serialNumber();
    Bytes forged =
        ChannelCertificate.sign(serialNumber, ChannelKeyPair.generate(new SecureRandom()));
    AlteringTransport wire = new AlteringTransport(first.exposed());
    try (SecureElement element = SecureElement.open(wire)) {
      Bytes known = element.channelKey().fingerprint();
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      first.pull();
      first.insert();
      assertThatThrownBy(() -> session.random(1)).isInstanceOf(ElementRemovedException.class);
      wire.alter(
          (command, response) -> {
            boolean certificate = (command[2] & 0xFF) == 0xBF;
            byte[] success = Arrays.copyOf(forged.toByteArray(), forged.length() + 2);
            success[forged.length()] = (byte) 0x90;
            return certificate ? success : response;
          });
      assertThatThrownBy(() -> element.login(Stored.pin("wrong")))
          .isInstanceOfSatisfying(
              ElementKeyChangedException.class, e -> assertThat(e.expected()).isEqualTo(known));
      assertThat(tries(first)).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource(Notice.class)
  void anotherElementInTheSameReaderIsRefusedByName(Notice notice) throws Exception {
    Bytes serialNumber = first.openChannel().select().serialNumber();
    Bytes other = second.openChannel().select().serialNumber();
    SwappingTransport reader = new SwappingTransport(first.exposed());
    try (SecureElement element = SecureElement.open(reader)) {
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      reader.swap(second.exposed(), notice);
      assertThatThrownBy(() -> session.random(1)).isInstanceOf(ElementRemovedException.class);
      assertThat(session.isOpen()).isFalse();
      List<ThrowingCallable> works =
          List.of(
              element::info,
              element::status,
              element::channelKey,
              () -> element.login(Stored.pin("wrong")),
              () -> element.verify(Role.USER, Stored.pin("wrong")));
      for (ThrowingCallable work : works) {
        assertThatThrownBy(work)
            .isInstanceOfSatisfying(
                ElementChangedException.class,
                e -> {
                  assertThat(e.expected()).isEqualTo(serialNumber);
                  assertThat(e.found()).isEqualTo(other);
                  assertThat(e.element()).isEqualTo("reader");
                });
      }
      assertThat(tries(second)).isEqualTo(5);
      reader.swap(first.exposed(), notice);
      try (ElementSession again = element.login(Stored.pin(Stored.USER_PIN))) {
        assertThat(again.random(1)).hasSize(1);
      }
    }
    try (SecureElement element = SecureElement.open(second.exposed())) {
      element.login(Stored.pin(Stored.USER_PIN)).close();
    }
  }
}
