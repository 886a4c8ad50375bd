// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.testkit.RecordingTransport;
import dev.strongroom.core.transport.Transport;
import org.junit.jupiter.api.Test;

/** An attestation belongs to the secure channel in which it came. */
class AttestationReceiptTest {

  private static final Bytes CHALLENGE = Bytes.parse("00112233445566778899aabbccddeeff");
  private static final Bytes NONE = Bytes.copyOf(new byte[16]);

  private final SimulatedElement simulated =
      SimulatedElement.inMemory(SimulatedElementOptions.cheap());

  @Test
  void itNamesTheReceiptOfTheSecureChannel() throws Exception {
    RecordingTransport recording = new RecordingTransport(simulated.exposed());
    Bytes receipt = receiptOver(recording);
    Bytes opening =
        recording.exchanges().stream()
            .filter(exchange -> (exchange.command().at(1) & 0xFF) == Scp11b.INS)
            .reduce((first, last) -> last)
            .orElseThrow()
            .response();
    // Tag and length of the receipt, the receipt, the status word.
    byte[] answer = opening.toByteArray();
    assertThat(receipt).isEqualTo(Bytes.copyOf(answer, answer.length - 18, 16)).isNotEqualTo(NONE);
  }

  @Test
  void outsideOfOneItNamesNone() throws Exception {
    assertThat(receiptOver(simulated.byApdu())).isEqualTo(NONE);
  }

  private static Bytes receiptOver(Transport transport) throws Exception {
    try (SecureElement element = SecureElement.open(transport)) {
      element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
        Attestation attestation = session.attest(CHALLENGE);
        assertThat(attestation.isOf(element.identity(), CHALLENGE)).isTrue();
        return attestation.statement().receipt();
      }
    }
  }
}
