// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReceiveRegisterTest {

  private static final Bytes SENDER = Bytes.parse("11".repeat(16));
  private static final Bytes OTHER = Bytes.parse("22".repeat(16));

  private static ReceiveId id(Bytes sender, long counter, int id) {
    return new ReceiveId(sender, counter, Bytes.parse(String.format("%032x", id)));
  }

  @Test
  void aWindowKnowsWhatASetOfCountersWouldKnow() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      long highest = random.nextInt(3) == 0 ? Long.MAX_VALUE - 200 : 0;
      SenderWindow window = SenderWindow.of(SENDER);
      Set<Long> done = new HashSet<>();
      long top = 0;
      for (int step = 0; step < 200; step++) {
        long counter = highest + 1 + random.nextInt(step < 100 ? 80 : 190);
        boolean old = counter <= top - SenderWindow.LENGTH;
        assertThat(window.isDone(counter))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(old || done.contains(counter));
        window = window.done(counter);
        done.add(counter);
        top = Math.max(top, counter);
        assertThat(window.highest()).as("seed %d", seed).isEqualTo(top);
      }
    }
  }

  @Test
  void windowsAndIdsThatCannotBeAreRefused() {
    for (long[] wrong : new long[][] {{0, 1}, {1, 0}, {1, 3}, {5, 0x21}, {-1, 1}, {64, 2}}) {
      assertThatThrownBy(() -> new SenderWindow(SENDER, wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new SenderWindow(SENDER, 5, 0x1F).isDone(1)).isTrue();
    assertThat(new SenderWindow(SENDER, 64, -1).isDone(1)).isTrue();
    for (long counter : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> id(SENDER, counter, 1)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new ReceiveId(Bytes.parse("11"), 1, OTHER))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReceiveId(SENDER, 1, Bytes.parse("11")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRegisterIsReadAsItWasWrittenAndNothingElseIs() {
    SenderWindow window = new SenderWindow(SENDER, 9, 5);
    ReceiveId pending = id(OTHER, 3, 7);
    ReceiveRegister register =
        new ReceiveRegister(List.of(window, SenderWindow.of(OTHER)), List.of(pending));
    Bytes encoded = register.encode();
    assertThat(encoded)
        .hasToString(
            "02"
                + SENDER
                + "0000000000000009"
                + "0000000000000005"
                + OTHER
                + "00".repeat(16)
                + "01"
                + pending.encode());
    assertThat(ReceiveRegister.parse(encoded)).isEqualTo(register);
    assertThat(register.isPending(pending)).isTrue();
    assertThat(register.isTaken(pending)).isFalse();
    assertThat(register.isTaken(id(OTHER, 3, 8))).isTrue();
    assertThat(register.isTaken(id(SENDER, 9, 1))).isTrue();
    assertThat(register.isTaken(id(SENDER, 8, 1))).isFalse();
    byte[] all = encoded.toByteArray();
    for (int length = 0; length < all.length; length++) {
      Bytes cut = Bytes.copyOf(all, 0, length);
      assertThatThrownBy(() -> ReceiveRegister.parse(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> ReceiveRegister.parse(Bytes.parse(encoded + "00")))
        .isInstanceOf(IllegalArgumentException.class);
    for (List<ReceiveId> wrong :
        List.of(
            List.of(id(Bytes.parse("33".repeat(16)), 1, 1)),
            List.of(pending, pending),
            List.of(pending, id(OTHER, 3, 8)))) {
      assertThatThrownBy(() -> new ReceiveRegister(register.senders(), wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new ReceiveRegister(List.of(window, window), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
