// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementFullException;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.simulator.records.RecordIndex;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Records of an element beside all else that it keeps. */
@Tag("jdk25")
class KeyRecordsTest {

  private static final int AREA = 36_864;
  private static final Bytes ROOT = Bytes.parse("11".repeat(32));
  private static final VersionSlot NONE = VersionSlot.none(Stored.VOLUME);

  private MemoryElementStore store = new MemoryElementStore();

  @BeforeEach
  void initialize() throws Exception {
    store = MemoryElementStore.of(Stored.initialized());
  }

  @Test
  void recordsChangeTogetherWithAllElse() throws Exception {
    try (KeyedElement element = KeyedElement.open(store, 32)) {
      element
          .application()
          .change(
              element.login(),
              state -> {
                assertThat(element.application().records(state).size()).isZero();
                assertThat(element.application().recordCapacity(state)).isEqualTo(1500);
                state.recordChange().put(KeyedElement.record(1, 1));
                state.setVersions(state.versions().advanced(NONE, ROOT));
                return state;
              });
      assertThat(element.find(KeyedElement.id(1)))
          .contains(Bytes.copyOf(KeyedElement.record(1, 1)));
    }
    try (KeyedElement element = KeyedElement.open(store, 32)) {
      assertThat(element.find(KeyedElement.id(1)))
          .contains(Bytes.copyOf(KeyedElement.record(1, 1)));
      assertThat(element.ids()).containsExactly(KeyedElement.id(1));
      assertThat(element.application().<Object>read(element.login(), s -> s.versions().list()))
          .isEqualTo(List.of(NONE.next(ROOT)));
      element.remove(KeyedElement.id(1));
      assertThat(element.find(KeyedElement.id(1))).isEmpty();
    }
    try (KeyedElement element = KeyedElement.open(store, 32)) {
      assertThat(element.size()).isZero();
    }
  }

  @Test
  void aChangeThatHasNoRoomChangesNothing() throws Exception {
    try (KeyedElement element = KeyedElement.open(store, 4)) {
      element.put(KeyedElement.records(0, 100));
      byte[] before = store.content();
      StateCommand<OpenState> tooMuch =
          state -> {
            state.recordChange().put(KeyedElement.record(100, 1));
            state.setVersions(state.versions().advanced(NONE, ROOT));
            return state;
          };
      assertThatThrownBy(() -> element.application().change(element.login(), tooMuch))
          .isInstanceOfSatisfying(
              ElementFullException.class, e -> assertThat(e.capacity()).isEqualTo(100));
      assertThat(store.content()).isEqualTo(before);
      for (int i = 0; i < 12; i++) {
        // The PIN was right: it does not use up its tries.
        assertThatThrownBy(
                () -> element.application().change(Stored.pin(Stored.ADMINISTRATOR_PIN), tooMuch))
            .isInstanceOf(ElementFullException.class);
      }
      assertThat(element.application().status().administratorTriesLeft()).isEqualTo(10);
      assertThat(element.size()).isEqualTo(100);
      assertThat(element.application().<Object>read(element.login(), s -> s.versions().list()))
          .isEqualTo(List.of());
    }
  }

  @Test
  void theAdministratorsPinChangesRecordsToo() throws Exception {
    try (KeyedElement element = KeyedElement.on(store, 32)) {
      element
          .application()
          .change(
              Stored.pin(Stored.ADMINISTRATOR_PIN),
              state -> state.recordChange().put(KeyedElement.record(5, 5)));
      assertThat(element.application().status().administratorTriesLeft()).isEqualTo(10);
      element.login(Stored.USER_PIN);
      assertThat(element.ids()).containsExactly(KeyedElement.id(5));
      element.application().changePin(Role.USER, Stored.pin(Stored.USER_PIN), Stored.pin("5678"));
      element.put(KeyedElement.record(6, 1));
    }
    try (KeyedElement element = KeyedElement.on(store, 32)) {
      assertThatThrownBy(() -> element.login(Stored.USER_PIN))
          .isInstanceOf(AuthenticationFailedException.class);
      element.login("5678");
      assertThat(element.ids()).containsExactly(KeyedElement.id(5), KeyedElement.id(6));
    }
  }

  @Test
  void recordsAreInMemoryOnlyWhileSomebodyIsLoggedIn() throws Exception {
    try (KeyedElement first = KeyedElement.open(store, 32)) {
      ElementApplication application = first.application();
      first.put(KeyedElement.records(0, 3));
      Login second = application.verify(Role.USER, Stored.pin(Stored.USER_PIN));
      RecordIndex index = application.read(second, application::records);
      first.logout();
      assertThat(index.find(KeyedElement.id(2))).isPresent();
      assertThatThrownBy(first::ids).isInstanceOf(IllegalStateException.class);
      application.ended(second);
      assertThatThrownBy(() -> index.find(KeyedElement.id(2)))
          .isInstanceOf(IllegalStateException.class);

      first.login(Stored.USER_PIN);
      RecordIndex again = application.read(first.login(), application::records);
      application.powerOff();
      assertThatThrownBy(() -> again.find(KeyedElement.id(2)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void damagedRecordsAreNamedAndAllElseGoesOn() throws Exception {
    try (KeyedElement element = KeyedElement.open(store, 32)) {
      element.put(KeyedElement.records(0, 3));
    }
    byte[] damaged = store.content();
    damaged[AREA + 2000] ^= 1;
    List<Bytes> keys;
    try (SecureElement element = Stored.open(store)) {
      keys = Stored.keys(element, Stored.USER_PIN);
    }
    MemoryElementStore left = MemoryElementStore.of(damaged);
    try (SecureElement element = Stored.open(left)) {
      assertThat(Stored.keys(element, Stored.USER_PIN)).isEqualTo(keys);
    }
    try (KeyedElement element = KeyedElement.open(left, 32)) {
      assertThatThrownBy(element::ids)
          .isInstanceOf(ElementDamagedException.class)
          .hasMessageContaining("page of records 0 of its key memory");
      assertThatThrownBy(() -> element.put(KeyedElement.record(9, 1)))
          .isInstanceOf(ElementDamagedException.class);
      element
          .application()
          .change(
              element.login(),
              state -> {
                state.setVersions(state.versions().advanced(NONE, ROOT));
                return state;
              });
    }
    byte[] area = Arrays.copyOfRange(left.content(), AREA, damaged.length);
    assertThat(area).isEqualTo(Arrays.copyOfRange(damaged, AREA, damaged.length));
  }

  @Test
  void eitherCopyOfTheStateOpensTheRecords() throws Exception {
    try (KeyedElement element = KeyedElement.open(store, 32)) {
      element.put(KeyedElement.records(0, 70));
      element.put(KeyedElement.record(3, 3));
    }
    for (int copy = 0; copy < 2; copy++) {
      byte[] content = store.content();
      content[copy * ElementImage.COPY_LENGTH + 400] ^= 1;
      try (KeyedElement element = KeyedElement.open(MemoryElementStore.of(content), 32)) {
        assertThat(element.size()).isEqualTo(70);
        assertThat(element.find(KeyedElement.id(3)))
            .contains(Bytes.copyOf(KeyedElement.record(3, 3)));
      }
    }
  }

  @Test
  void aWipedElementHasNoRecordAndNoPage() throws Exception {
    try (KeyedElement element = KeyedElement.open(store, 32)) {
      element.put(KeyedElement.records(0, 300));
      element.application().wipe(Stored.pin(Stored.ADMINISTRATOR_PIN));
      byte[] content = store.content();
      assertThat(content.length).isGreaterThan(AREA);
      for (int at = AREA; at < content.length; at++) {
        assertThat(content[at]).isZero();
      }
    }
    try (SecureElement element = Stored.open(store)) {
      element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
    }
    try (KeyedElement element = KeyedElement.open(store, 32)) {
      assertThat(element.size()).isZero();
      element.put(KeyedElement.records(0, 2));
      assertThat(element.size()).isEqualTo(2);
    }
  }

  @Test
  void noRecordIsInTheFileInClear() throws Exception {
    byte[] value = Arrays.copyOfRange(KeyedElement.record(1, 1), 16, 48);
    try (KeyedElement element = KeyedElement.open(store, 32)) {
      element.put(KeyedElement.records(0, 60));
    }
    assertThat(Stored.contains(store.content(), value)).isFalse();
    assertThat(Stored.contains(store.content(), KeyedElement.id(1).toByteArray())).isFalse();
  }
}
