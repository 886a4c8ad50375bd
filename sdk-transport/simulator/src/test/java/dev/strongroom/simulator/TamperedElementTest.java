// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementEditedException;
import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.device.PinBlockedException;
import dev.strongroom.core.device.SecureElement;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TamperedElementTest {

  private static final int COPY = ElementImage.COPY_LENGTH;
  private static final int USER_LEFT_AT = 49;
  private static final int ADMINISTRATOR_LEFT_AT = 51;

  private static byte[] sound = {};
  private static int used;
  private static List<Bytes> keys = List.of();

  @BeforeAll
  static void makeOne() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(Stored.initialized());
    try (SecureElement element = Stored.open(store)) {
      keys = Stored.keys(element, Stored.USER_PIN);
    }
    sound = store.content();
    used = ByteBuffer.wrap(sound).getInt(12) + 32;
  }

  @Test
  void oneDamagedCopyIsReplacedByTheOther() throws Exception {
    for (int copy = 0; copy < 2; copy++) {
      for (int at = 0; at < used; at += 7) {
        byte[] content = sound.clone();
        content[copy * COPY + at] ^= 0x10;
        MemoryElementStore store = MemoryElementStore.of(content);
        try (SecureElement element = Stored.open(store)) {
          assertThat(Stored.keys(element, Stored.USER_PIN))
              .as("copy %d, byte %d", copy, at)
              .isEqualTo(keys);
        }
        // Both are whole again.
        assertThat(Stored.image(store.content()).serialNumber().length()).isEqualTo(16);
      }
    }
  }

  @Test
  void damageInBothCopiesIsNamed() throws Exception {
    for (int at = 0; at < used; at++) {
      byte[] content = sound.clone();
      content[at] ^= 0x10;
      content[COPY + at] ^= 0x10;
      try (SecureElement element = Stored.open(content)) {
        assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
            .as("byte %d", at)
            .isInstanceOf(ElementDamagedException.class);
        assertThatThrownBy(element::status).isInstanceOf(ElementDamagedException.class);
        assertThatThrownBy(() -> element.initialize(Stored.pin("1234"), Stored.pin("12345678")))
            .isInstanceOf(ElementDamagedException.class);
      }
    }
  }

  @Test
  void whateverIsCutOrZeroedOrGarbledIsRefusedByType() throws Exception {
    long seed = 20_261_121;
    Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      byte[] content = sound.clone();
      int from = random.nextInt(content.length);
      int to = from + 1 + random.nextInt(content.length - from);
      switch (random.nextInt(3)) {
        case 0 -> content = Arrays.copyOf(content, from);
        case 1 -> Arrays.fill(content, from, to, (byte) 0);
        default -> {
          byte[] garbage = new byte[to - from];
          random.nextBytes(garbage);
          System.arraycopy(garbage, 0, content, from, garbage.length);
        }
      }
      try (SecureElement element = Stored.open(content)) {
        assertThat(Stored.keys(element, Stored.USER_PIN))
            .as("seed %d, round %d", seed, round)
            .isEqualTo(keys);
      } catch (StrongroomException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void noEditOfAnyByteGivesOtherKeysOrAnUntypedError() throws Exception {
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int at = 0; at < used - 32; at++) {
      for (int flip : new int[] {0x01, 0x80}) {
        byte[] content = sound.clone();
        for (int copy = 0; copy < 2; copy++) {
          content[copy * COPY + at] ^= (byte) flip;
          Stored.fixChecksum(content, copy);
        }
        String outcome;
        try (SecureElement element = Stored.open(content)) {
          assertThat(Stored.keys(element, Stored.USER_PIN)).as("byte %d", at).isEqualTo(keys);
          outcome = "same keys";
        } catch (StrongroomException e) {
          outcome = e.getClass().getSimpleName();
        }
        outcomes.merge(outcome, 1, Integer::sum);
      }
    }
    assertThat(outcomes)
        .containsKeys(
            ElementEditedException.class.getSimpleName(),
            ElementDamagedException.class.getSimpleName(),
            AuthenticationFailedException.class.getSimpleName(),
            ElementStorageException.class.getSimpleName());
    // Generation, floor, fewer tries and the administrator's slot may change without a trace.
    assertThat(outcomes.getOrDefault("same keys", 0)).isLessThan(2 * (16 + 4 + 96));
  }

  @Test
  void moreTriesThanThereWereAreReportedAndRepairedByTheAdministrator() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(sound);
    try (SecureElement element = Stored.open(store)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> element.login(Stored.pin("wrong")))
            .isInstanceOf(AuthenticationFailedException.class);
      }
      // The administrator is here: what is left of the user's tries is on record now.
      element.changePin(
          dev.strongroom.core.device.Role.ADMINISTRATOR,
          Stored.pin(Stored.ADMINISTRATOR_PIN),
          Stored.pin(Stored.ADMINISTRATOR_PIN));
      assertThat(element.status().userTriesLeft()).isEqualTo(2);
    }
    byte[] edited = edit(store.content(), USER_LEFT_AT, 5);
    MemoryElementStore editedStore = MemoryElementStore.of(edited);
    try (SecureElement element = Stored.open(editedStore)) {
      for (int i = 0; i < 6; i++) {
        assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
            .isInstanceOfSatisfying(
                ElementEditedException.class,
                e -> assertThat(e.field()).isEqualTo("the tries left of the user PIN"));
      }
      element.unblock(Stored.pin(Stored.ADMINISTRATOR_PIN), Stored.pin(Stored.USER_PIN));
      assertThat(Stored.keys(element, Stored.USER_PIN)).isEqualTo(keys);
    }
  }

  @Test
  void editedAdministratorTriesAreReported() throws Exception {
    try (SecureElement element = Stored.open(edit(sound, ADMINISTRATOR_LEFT_AT, 15))) {
      assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
          .isInstanceOf(ElementEditedException.class);
      assertThatThrownBy(
              () -> element.unblock(Stored.pin(Stored.ADMINISTRATOR_PIN), Stored.pin("1234")))
          .isInstanceOf(ElementEditedException.class);
    }
  }

  @Test
  void fewerTriesThanThereWereAreNormal() throws Exception {
    try (SecureElement element = Stored.open(edit(sound, USER_LEFT_AT, 1))) {
      assertThat(Stored.keys(element, Stored.USER_PIN)).isEqualTo(keys);
      assertThat(element.status().userTriesLeft()).isEqualTo(5);
    }
  }

  @Test
  void aSlotWhoseTriesAreAtZeroIsErasedAtTheStart() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(edit(sound, USER_LEFT_AT, 0));
    try (SecureElement element = Stored.open(store)) {
      assertThat(element.status().userTriesLeft()).isZero();
    }
    for (int copy = 0; copy < 2; copy++) {
      assertThat(ElementImage.parse(Stored.copy(store.content(), copy), copy).userSlot()).isNull();
    }
    // Writing tries back does not bring the slot back.
    try (SecureElement element = Stored.open(edit(store.content(), USER_LEFT_AT, 5))) {
      assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
          .isInstanceOf(PinBlockedException.class);
    }
  }

  private static byte[] edit(byte[] content, int at, int value) throws Exception {
    byte[] edited = content.clone();
    for (int copy = 0; copy < 2; copy++) {
      edited[copy * COPY + at] = (byte) value;
      Stored.fixChecksum(edited, copy);
    }
    return edited;
  }
}
