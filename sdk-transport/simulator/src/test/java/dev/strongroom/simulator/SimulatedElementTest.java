// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementNotFoundException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedElementTest {

  private static final Bytes VOLUME = Bytes.copyOf(new byte[16]);
  private static final Bytes UID = Bytes.parse("000102030405060708090a0b0c0d0e0f");

  @TempDir Path folder;

  private static SecretBytes pin(String text) {
    return SecretBytes.encode(text.toCharArray());
  }

  @Test
  void anElementInAFileIsMadeOnceAndGivesTheSameKeysAfterwards() throws Exception {
    String uri = "sim:" + folder.resolve("my element");
    GrubRequest existing;
    byte[] enc = new byte[32];
    try (SecureElement element = SecureElement.open(uri)) {
      assertThatThrownBy(() -> element.login(pin("1234")))
          .isInstanceOf(ElementNotFoundException.class);
      element.initialize(pin("1234"), pin("12345678"));
      assertThat(element.status().initialized()).isTrue();
      assertThatThrownBy(() -> element.login(pin("4321")))
          .isInstanceOf(AuthenticationFailedException.class)
          .hasMessage("wrong user PIN; 4 tries are left");
      try (ElementSession session = element.login(pin("1234"));
          Grub grub = session.grub(VOLUME, List.of(GrubRequest.create(UID))).get(0)) {
        existing = GrubRequest.existing(UID, grub.rnd(), 0);
        grub.enc().copyTo(enc, 0);
      }
    }
    try (SecureElement element = SecureElement.open(uri);
        ElementSession session = element.login(pin("1234"));
        Grub grub = session.grub(VOLUME, List.of(existing)).get(0);
        SecretBytes before = SecretBytes.adopt(enc)) {
      assertThat(grub.enc().matches(before)).isTrue();
      assertThat(grub.sig().matches(before)).isFalse();
    }
  }

  @Test
  void methodCallsAndApdusGiveTheSameKeys() throws Exception {
    MemoryElementStore store = new MemoryElementStore();
    byte[] enc = new byte[32];
    Bytes rnd;
    try (SecureElement element =
        SecureElement.open(SimulatedElement.on(store, SimulatedElementOptions.cheap()))) {
      element.initialize(pin("1234"), pin("12345678"));
      try (ElementSession session = element.login(pin("1234"));
          Grub grub = session.grub(VOLUME, List.of(GrubRequest.create(UID))).get(0)) {
        rnd = grub.rnd();
        grub.enc().copyTo(enc, 0);
      }
    }
    SimulatedElement simulated = SimulatedElement.on(store, SimulatedElementOptions.cheap());
    try (SecureElement element = SecureElement.open(simulated.byApdu());
        ElementSession session = element.login(pin("1234"));
        Grub grub = session.grub(VOLUME, List.of(GrubRequest.existing(UID, rnd, 0))).get(0);
        SecretBytes before = SecretBytes.adopt(enc)) {
      assertThat(grub.enc().matches(before)).isTrue();
    }
  }
}
