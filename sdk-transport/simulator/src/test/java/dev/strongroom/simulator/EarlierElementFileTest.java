// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A file that the release with protocol 1.1 wrote, before there were cards and a register. */
class EarlierElementFileTest {

  private static final String USER_PIN = "1234";
  private static final String ADMINISTRATOR_PIN = "87654321";
  private static final VersionSlot SLOT =
      new VersionSlot(Stored.VOLUME, Bytes.parse("11".repeat(32)), 1);

  private static byte[] file() throws IOException {
    try (InputStream in =
        EarlierElementFileTest.class.getResourceAsStream("protocol-1.1.element")) {
      if (in == null) {
        throw new IOException("the file is not among the test resources");
      }
      return in.readAllBytes();
    }
  }

  private static void requireTheSameElement(SecureElement element, String where) throws Exception {
    assertThat(element.info().serialNumber())
        .as(where)
        .hasToString("4405052134e8bd0e666a06e7d734237c");
    ElementIdentity identity = element.identity();
    assertThat(identity.fingerprint())
        .as(where)
        .isEqualTo("5900 dd93 3442 df47 8b5c bee8 bfe2 b8d6");
    assertThat(element.trustAnchor().orElseThrow().version()).as(where).isEqualTo(1);
    try (ElementSession session = element.login(Stored.pin(USER_PIN));
        Grub grub =
            session
                .grub(Stored.VOLUME, List.of(GrubRequest.existing(Stored.UID, Stored.RND, 1)))
                .get(0)) {
      assertThat(grub.enc().<Bytes, RuntimeException>use(Bytes::copyOf))
          .as(where)
          .hasToString("4b0c8b0970cda47f15b820390b839bb808b959d77745c3d0ee949434785a0398");
      assertThat(session.versions()).as(where).containsExactly(SLOT);
    }
    ElementCard card = element.card();
    assertThat(card.suites()).as(where).isEqualTo(element.info().suites());
    assertThat(card.fingerprint()).as(where).isEqualTo(identity.fingerprint());
  }

  @Test
  void itOpensAndGetsItsCardWithTheNextLogin() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(file());
    ElementCard card;
    try (SecureElement element = Stored.open(store)) {
      assertThat(PinCommand.failing(element::card)).hasMessageContaining("6A88");
      requireTheSameElement(element, "at first");
      card = element.card();
    }
    try (SecureElement element = Stored.open(store.content());
        ElementSession session = element.login(Stored.pin(USER_PIN))) {
      assertThat(element.card()).isEqualTo(card);
      ReceiveId id = new ReceiveId(Stored.UID, 1, Stored.RND);
      try (SecretBytes secret = Received.begin(session, card, id)) {
        assertThat(secret.length()).isEqualTo(32);
      }
      session.endReceive(id);
    }
  }

  @Test
  void anyPinMakesTheCard() throws Exception {
    try (SecureElement element = Stored.open(file())) {
      element.releaseVersion(Stored.pin(ADMINISTRATOR_PIN), Stored.VOLUME);
      element.verify(Role.ADMINISTRATOR, Stored.pin(ADMINISTRATOR_PIN));
      assertThat(element.card().suites()).isEqualTo(element.info().suites());
    }
  }

  @Test
  void itIsWholeWheneverPowerFails() throws Exception {
    int states =
        PowerLoss.atEachWrite(
            file(),
            element -> element.login(Stored.pin(USER_PIN)).close(),
            (left, element, where) -> requireTheSameElement(element, where));
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }
}
