// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.testkit.CountingTransport;
import dev.strongroom.core.testkit.FaultyTransport;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CommandCountTest {

  private record Counts(List<Long> commands, List<Long> application, long apdus) {}

  @Test
  void aLoginIsTwoCommandsAndEachBatchOne() throws Exception {
    CountingTransport counting = CountingTransport.around(Stored.simulated(store()));
    try (SecureElement element = SecureElement.open(counting)) {
      try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
        assertThat(counting.commands()).isEqualTo(2);
        counting.reset();
        session.grub(Stored.VOLUME, requests(64)).forEach(Grub::close);
        assertThat(counting.commands()).isEqualTo(1);
        session.grub(Stored.VOLUME, requests(65)).forEach(Grub::close);
        assertThat(counting.commands()).isEqualTo(3);
        session.random(7169);
        assertThat(counting.commands()).isEqualTo(5);
      }
      assertThat(counting.commands()).isEqualTo(6);
      assertThat(counting.apdus()).isZero();
    }
  }

  @Test
  void methodCallsAndApdusCountTheSameCommands() throws Exception {
    Counts inProcess = count(transport -> transport);
    Counts byApdu = count(transport -> ((SimulatedElement) transport).byApdu());
    Counts byShortApdu =
        count(transport -> FaultyTransport.narrow(transport, TransportLimits.SHORT));
    assertThat(byApdu.commands()).isEqualTo(inProcess.commands());
    assertThat(byApdu.application()).isEqualTo(inProcess.application());
    assertThat(byShortApdu.application()).isEqualTo(inProcess.application());
    assertThat(inProcess.commands()).isEqualTo(inProcess.application());
    assertThat(inProcess.apdus()).isZero();
    // MANAGE CHANNEL twice.
    assertThat(byApdu.apdus()).isEqualTo(last(byApdu.commands()) + 2);
    assertThat(byShortApdu.apdus()).isGreaterThan(last(byShortApdu.commands()));
  }

  @Test
  void theSecureChannelCostsThreeCommandsAPowerCycle() throws Exception {
    for (TransportLimits limits :
        List.of(TransportLimits.EXTENDED, TransportLimits.SHORT, new TransportLimits(8192, 8192))) {
      int part = limits.equals(TransportLimits.SHORT) ? 1 : 0;
      CountingTransport counting =
          CountingTransport.around(
              FaultyTransport.narrow(Stored.simulated(store()).exposed(), limits));
      try (SecureElement element = SecureElement.open(counting)) {
        element.info();
        assertThat(counting.apdus()).as("MANAGE CHANNEL and SELECT").isEqualTo(2);
        assertThat(counting.commands()).isEqualTo(1);
        counting.reset();
        element.status();
        assertThat(counting.apdus()).isEqualTo(2);
        counting.reset();
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
        assertThat(counting.commands())
            .as("description, certificate, INTERNAL AUTHENTICATE, description, VERIFY")
            .isEqualTo(5);
        assertThat(counting.apdus()).isEqualTo(5);
        counting.reset();
        assertThat(session.channelKey()).contains(element.channelKey());
        element.login(Stored.pin(Stored.USER_PIN)).close();
        assertThat(counting.commands()).as("twice the description, VERIFY").isEqualTo(3);
        counting.reset();
        session.grub(Stored.VOLUME, requests(1)).forEach(Grub::close);
        assertThat(counting.apdus()).isEqualTo(1);
        counting.reset();
        session.grub(Stored.VOLUME, requests(64)).forEach(Grub::close);
        assertThat(counting.commands()).isEqualTo(1);
        // 2384 bytes of data and 7168 of answer, protected: ten and twenty-nine parts.
        assertThat(counting.apdus()).isEqualTo(1 + part * (9 + 28));
        counting.reset();
        session.random(7168);
        assertThat(counting.commands()).isEqualTo(1);
        session.close();
      }
    }
  }

  private static Counts count(UnaryOperator<Transport> way) throws Exception {
    SimulatedElement simulated = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    CountingTransport counting = CountingTransport.around(way.apply(simulated));
    List<Long> commands = new ArrayList<>();
    List<Long> application = new ArrayList<>();
    Runnable note =
        () -> {
          commands.add(counting.commands());
          application.add(simulated.commandCount());
        };
    try (SecureElement element = SecureElement.open(counting)) {
      element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      note.run();
      element.status();
      note.run();
      assertThatThrownBy(() -> element.login(Stored.pin("wrong")))
          .isInstanceOf(AuthenticationFailedException.class);
      note.run();
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      note.run();
      session.grub(Stored.VOLUME, requests(1)).forEach(Grub::close);
      note.run();
      session.grub(Stored.VOLUME, requests(130)).forEach(Grub::close);
      note.run();
      session.pageGrub(Stored.VOLUME, requests(1).get(0), 0, 64).forEach(SecretBytes::close);
      note.run();
      session.random(200);
      note.run();
      session.close();
      note.run();
      element.changePin(Role.USER, Stored.pin(Stored.USER_PIN), Stored.pin("4444"));
      note.run();
      element.unblock(Stored.pin(Stored.ADMINISTRATOR_PIN), Stored.pin("5555"));
      note.run();
    }
    return new Counts(commands, application, counting.apdus());
  }

  private static MemoryElementStore store() throws Exception {
    return MemoryElementStore.of(Stored.initialized());
  }

  private static List<GrubRequest> requests(int count) {
    List<GrubRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(GrubRequest.existing(Stored.UID, Stored.RND, i));
    }
    return requests;
  }

  private static long last(List<Long> counts) {
    return counts.get(counts.size() - 1);
  }
}
