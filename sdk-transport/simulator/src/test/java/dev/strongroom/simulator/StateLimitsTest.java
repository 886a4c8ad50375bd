// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementEditedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.testkit.RootAuthority;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The most that an element keeps, and what becomes of edits to it. */
class StateLimitsTest {

  private static final int LIFE_CYCLE_AT = 54;

  @Test
  void theLargestStateLeavesRoomInACopy() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(Stored.initialized());
    TrustAnchor anchor = RootAuthority.of(TrustAnchor.MAX_ROOTS).anchor(1, 8);
    try (SecureElement element = Stored.open(store)) {
      element.setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), anchor);
      try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
        for (int i = 0; i < VersionSlots.COUNT; i++) {
          session.compareAndSetVersion(VersionSlot.none(volume(i)), root(i));
        }
        ElementCard card = element.card();
        for (int i = 0; i < ReceiveRegister.MAX_SENDERS; i++) {
          ReceiveId id = new ReceiveId(volume(i), Long.MAX_VALUE - i, volume(i));
          Received.begin(session, card, id).close();
          if (i < ReceiveRegister.MAX_SENDERS - ReceiveRegister.MAX_PENDING) {
            session.endReceive(id);
          }
        }
      }
    }
    int length = ByteBuffer.wrap(store.content()).getInt(12);
    assertThat(length).isBetween(12_000, ElementImage.COPY_LENGTH - 3 * 1024);
    try (KeyedElement element = KeyedElement.open(store, 256)) {
      // As many pages as the root can name.
      element.put(KeyedElement.records(0, 4400));
      element
          .application()
          .change(
              element.login(),
              state -> {
                state.setFloor(ElementTime.MAX);
                state.setPosition(new OrderPosition(-1, root(1)));
                return state;
              });
    }
    length = ByteBuffer.wrap(store.content()).getInt(12);
    assertThat(length).isBetween(14_000, ElementImage.COPY_LENGTH - 1024 - 8 * 20);
    try (SecureElement element = Stored.open(store.content());
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      assertThat(session.versions()).hasSize(VersionSlots.COUNT);
      assertThat(session.readVersion(volume(63)))
          .contains(new VersionSlot(volume(63), root(63), 1));
      assertThat(element.trustAnchor()).contains(anchor);
      ReceiveRegister register = session.receiveRegister();
      assertThat(register.senders()).hasSize(ReceiveRegister.MAX_SENDERS);
      assertThat(register.pending()).hasSize(ReceiveRegister.MAX_PENDING);
      assertThat(register.isTaken(new ReceiveId(volume(127), Long.MAX_VALUE - 127, volume(1))))
          .isTrue();
    }
  }

  @Test
  void aLifeCycleWrittenFromOutsideIsFound() throws Exception {
    byte[] waiting = edited(Stored.initialized(), LIFE_CYCLE_AT, 2);
    try (SecureElement element = Stored.open(waiting)) {
      for (int i = 0; i < 6; i++) {
        assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
            .isInstanceOfSatisfying(
                ElementEditedException.class,
                e -> assertThat(e.field()).isEqualTo("the life cycle"));
      }
    }
    for (int value : new int[] {1, 3, 0x80}) {
      byte[] other = edited(Stored.initialized(), LIFE_CYCLE_AT, value);
      try (SecureElement element = Stored.open(other)) {
        assertThatThrownBy(element::status).isInstanceOf(ElementDamagedException.class);
      }
    }
  }

  @Test
  void aTrustAnchorWrittenFromOutsideIsFoundBeforeItCounts() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(Stored.initialized());
    RootAuthority roots = RootAuthority.of(2);
    try (SecureElement element = Stored.open(store)) {
      element.setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), roots.anchor(1, 2));
    }
    // The threshold, one root less.
    byte[] content = store.content();
    byte[] anchor = roots.anchor(1, 2).encode().toByteArray();
    for (int copy = 0; copy < 2; copy++) {
      byte[] one = Stored.copy(content, copy);
      for (int at = 0; at + anchor.length <= one.length; at++) {
        if (Arrays.equals(one, at, at + anchor.length, anchor, 0, anchor.length)) {
          content[copy * ElementImage.COPY_LENGTH + at + 4] = 1;
        }
      }
      Stored.fixChecksum(content, copy);
    }
    try (SecureElement element = Stored.open(content)) {
      assertThat(element.trustAnchor()).contains(roots.anchor(1, 1));
      assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
          .isInstanceOf(ElementEditedException.class);
      assertThatThrownBy(
              () -> element.releaseVersion(Stored.pin(Stored.ADMINISTRATOR_PIN), volume(1)))
          .isInstanceOf(ElementEditedException.class);
    }
  }

  private static byte[] edited(byte[] content, int at, int value) throws Exception {
    byte[] edited = content.clone();
    for (int copy = 0; copy < 2; copy++) {
      edited[copy * ElementImage.COPY_LENGTH + at] = (byte) value;
      Stored.fixChecksum(edited, copy);
    }
    return edited;
  }

  private static Bytes volume(int number) {
    return Bytes.copyOf(ByteBuffer.allocate(16).putInt(number).array());
  }

  private static Bytes root(int number) {
    return Bytes.copyOf(ByteBuffer.allocate(32).putInt(number).array());
  }
}
