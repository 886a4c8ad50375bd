// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.IdentitySignature;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Files that elements of earlier days have written, and must open for ever: of protocol 1.1, before
 * there were cards and a register, of 1.2, and with the first layout of the key memory.
 */
class ElementFileFixturesTest {

  private static final String EARLIER = "protocol-1.1.element";
  private static final String USER_PIN = "1234";
  private static final String ADMINISTRATOR_PIN = "87654321";
  private static final VersionSlot SLOT =
      new VersionSlot(Stored.VOLUME, Bytes.parse("11".repeat(32)), 1);

  private static byte[] file(String name) throws IOException {
    try (InputStream in = ElementFileFixturesTest.class.getResourceAsStream(name)) {
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
    MemoryElementStore store = MemoryElementStore.of(file(EARLIER));
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
  void itGetsAKeyMemoryWithItsFirstKey() throws Exception {
    for (String name : new String[] {EARLIER, "protocol-1.2.element"}) {
      MemoryElementStore store = MemoryElementStore.of(file(name));
      long before = store.size();
      try (KeyedElement element = KeyedElement.on(store, 32)) {
        element.login(USER_PIN);
        assertThat(element.size()).as(name).isZero();
        assertThat(store.size()).as(name).isEqualTo(before);
        element.put(KeyedElement.records(0, 51));
      }
      assertThat(store.size()).as(name).isEqualTo(36_864 + 2 * 4096);
      try (KeyedElement element = KeyedElement.on(store, 32)) {
        element.login(USER_PIN);
        assertThat(element.size()).as(name).isEqualTo(51);
      }
    }
  }

  @Test
  void recordsStayWhatTheyAre() throws Exception {
    try (KeyedElement element =
        KeyedElement.on(MemoryElementStore.of(file("key-memory-1.element")), 4)) {
      element.login(USER_PIN);
      assertThat(element.size()).isEqualTo(119);
      for (int i = 0; i < 119; i++) {
        int version = i % 5 == 0 && i < 100 ? i / 5 + 1 : 0;
        assertThat(element.find(KeyedElement.id(i)))
            .contains(Bytes.copyOf(KeyedElement.record(i, version)));
      }
    }
  }

  @Test
  void aChangeThatWasNotedIsFinished() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(file("key-memory-1-pending.element"));
    for (int time = 0; time < 2; time++) {
      try (KeyedElement element = KeyedElement.on(store, 4)) {
        element.login(USER_PIN);
        assertThat(element.size()).isEqualTo(179);
        assertThat(element.find(KeyedElement.id(7))).isEmpty();
        for (int i = 0; i < 180; i += 60) {
          assertThat(element.find(KeyedElement.id(i)))
              .contains(Bytes.copyOf(KeyedElement.record(i, 3)));
        }
      }
    }
  }

  @Test
  void anyPinMakesTheCard() throws Exception {
    try (SecureElement element = Stored.open(file(EARLIER))) {
      element.releaseVersion(Stored.pin(ADMINISTRATOR_PIN), Stored.VOLUME);
      element.verify(Role.ADMINISTRATOR, Stored.pin(ADMINISTRATOR_PIN));
      assertThat(element.card().suites()).isEqualTo(element.info().suites());
    }
  }

  @Test
  void itIsWholeWheneverPowerFails() throws Exception {
    int states =
        PowerLoss.atEachWrite(
            file(EARLIER),
            element -> element.login(Stored.pin(USER_PIN)).close(),
            (left, element, where) -> requireTheSameElement(element, where));
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }

  @Test
  void aCardTheKeysOfAllSuitesAndARegisterStayWhatTheyAre() throws Exception {
    try (SecureElement element = Stored.open(file("protocol-1.2.element"))) {
      ElementCard card = element.card();
      assertThat(card.serialNumber()).hasToString("7d370c2dc1ee50d04218c3c46f427cfe");
      assertThat(card.fingerprint()).isEqualTo("90c0 a212 555c 493c 42c1 59c6 a339 c8c3");
      assertThat(IdentitySignature.digest(card.encode().toByteArray()))
          .hasToString("a170cce428c7f6f9d48896094c9dca803463be15ede317c6136da38ddb64ada9");
      try (ElementSession session = element.login(Stored.pin(USER_PIN))) {
        assertThat(element.card()).isEqualTo(card);
        assertThat(session.receiveRegister().encode())
            .hasToString(
                "02"
                    + "a1".repeat(16)
                    + "00000000000000461000000000000001"
                    + "b0".repeat(16)
                    + "00".repeat(16)
                    + "01"
                    + "b0".repeat(16)
                    + "0000000000000005"
                    + "04".repeat(16));
        assertThat(session.versions()).containsExactly(SLOT);
        Bytes info = Bytes.parse("aa");
        Bytes use = Bytes.parse("01");
        try (SecretBytes first =
                session.hpkeExport(
                    HpkeSuite.P256,
                    Bytes.parse(
                        "043534630fc40da4f2a6f9633ab6c4dd7c762c024ba4303f2545027d7e2aa905c6"
                            + "be21cd74d8ef28951117cafff68e1ed1a915dabfd85f9970b15378b288762c4d"),
                    info,
                    use,
                    16);
            SecretBytes second =
                session.hpkeExport(
                    HpkeSuite.X25519,
                    Bytes.parse("0f7b1e7decc813ccc10d974ba29bf60d69ae64d2316a5bee63182362b0167332"),
                    info,
                    use,
                    16)) {
          assertThat(first.<Bytes, RuntimeException>use(Bytes::copyOf))
              .hasToString("486a1a0b67ca7b5f249bf38f7ee793db");
          assertThat(second.<Bytes, RuntimeException>use(Bytes::copyOf))
              .hasToString("2a6e5603e5e7ddfd99429deb915611fe");
        }
        HpkeSuite hybrid = HpkeSuite.X25519_ML_KEM_768;
        try (Hpke.Sender sender =
                Hpke.setupBaseS(
                    hybrid,
                    Hpke.Aead.EXPORT_ONLY,
                    card.publicKey(hybrid).orElseThrow(),
                    ElementProtocol.hpkeInfo(info),
                    new SecureRandom());
            SecretBytes mine = sender.context().export(use.toByteArray(), 16);
            SecretBytes its = session.hpkeExport(hybrid, sender.enc(), info, use, 16)) {
          assertThat(its.matches(mine)).isTrue();
        }
      }
    }
  }
}
