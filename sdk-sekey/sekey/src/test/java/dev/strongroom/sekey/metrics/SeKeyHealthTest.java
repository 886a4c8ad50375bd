// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.sekey.audit.SealedEntry;
import dev.strongroom.sekey.metrics.SeKeyHealth.AuditHead;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeKeyHealthTest {

  @Test
  void anElementThatAnswersAndOneThatWasPulled() throws Exception {
    SimulatedElement simulated = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    try (SecureElement element = SecureElement.open(simulated);
        SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      try (ElementSession session = element.login(user)) {
        ElementTime floor = new ElementTime(200_000_000);
        session.keys().store().setFloor(floor);
        SealedEntry last = new SealedEntry(7, Bytes.parse("00"), Bytes.parse("11"));
        Optional<AuditHead> head = Optional.of(AuditHead.of(last));

        SeKeyHealth up = SeKeyHealth.of(session, head, 1);
        assertThat(up.isUp()).isTrue();
        assertThat(up.floor()).contains(floor);
        assertThat(up.auditHead()).contains(new AuditHead(7, last.mac()));
        assertThat(up.databaseVersion()).isEqualTo(1);

        simulated.pull();
        SeKeyHealth down = SeKeyHealth.of(session, head, 1);
        assertThat(down.isUp()).isFalse();
        assertThat(down.floor()).isEmpty();
        assertThat(down.element())
            .isInstanceOfSatisfying(
                SeKeyHealth.Element.Unreachable.class,
                unreachable -> assertThat(unreachable.reason()).isNotBlank());
        assertThat(down.auditHead()).isEqualTo(head);
      }
    }
  }
}
