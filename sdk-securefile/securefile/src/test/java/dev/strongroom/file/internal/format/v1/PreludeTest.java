// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a prelude may say, apart from its MAC and signature. */
class PreludeTest {

  private static final int CARD = 100;
  private static final int FIRST = 176 + CARD;
  private static final int SECOND = FIRST + 20 + 65 + 40;
  private static final byte[] RECORD = {0x7F, 1, 0, 2, 5, 6};

  private static Stanza own() {
    return new Stanza(
        1, Stanza.Kind.SENDER, Sample.run(1, 8), 0, Sample.run(2, 65), Sample.run(3, 40));
  }

  private static Stanza recipient(int suite, int keyId, int enc) {
    return new Stanza(
        suite,
        Stanza.Kind.RECIPIENT,
        Sample.run(keyId, 8),
        7,
        Sample.run(4, enc),
        Sample.run(5, 40));
  }

  private static Prelude prelude(byte[] records, Stanza... recipients) {
    List<Stanza> stanzas = new java.util.ArrayList<>(List.of(own()));
    stanzas.addAll(List.of(recipients));
    return new Prelude(
        8192,
        1,
        Sample.run(6, 16),
        Sample.run(7, 16),
        Instant.ofEpochSecond(5, 6),
        null,
        12288,
        4096,
        Sample.run(8, 32),
        Sample.run(9, 32),
        Sample.run(10, CARD),
        stanzas,
        Bytes.copyOf(records));
  }

  /** With what MAC and signature are, which nobody looks at here. */
  private static byte[] copy(Prelude prelude) {
    byte[] head = prelude.encode();
    byte[] copy = Arrays.copyOf(head, prelude.length());
    Arrays.fill(copy, head.length, head.length + 96, (byte) 0xEE);
    return copy;
  }

  private static byte[] copy() {
    return copy(prelude(RECORD, recipient(1, 0x20, 65)));
  }

  private static void assertRefused(byte[] copy) {
    assertThatThrownBy(() -> Prelude.parse("f", copy)).isInstanceOf(FileHeader.Refused.class);
  }

  private static byte[] changed(int at, int... values) {
    byte[] copy = copy();
    for (int i = 0; i < values.length; i++) {
      copy[at + i] = (byte) values[i];
    }
    return copy;
  }

  @Test
  void asItIsItIsRead() throws Exception {
    Prelude prelude = prelude(RECORD, recipient(1, 0x20, 65), recipient(2, 0x30, 32));
    assertThat(Prelude.parse("f", copy(prelude)).prelude()).isEqualTo(prelude);
    assertThat(prelude.next(List.of(own()), 8192).records()).isEqualTo(Bytes.copyOf(RECORD));
  }

  @Test
  void numbersOutOfRangeMakeNoCopy() {
    for (int[] change :
        new int[][] {
          {0, 'x'},
          {8, 'x'},
          {16, 0, 0, 0x10, 0}, // shorter than the copy
          {16, 0, 0, 0x20, 1},
          {16, 0, 0x21, 0, 0},
          {20, 0, 0, 0x20, 1}, // more is used than there is
          {20, 0, 0, 1, 0xF},
          {20, 0xFF, 0xFF, 0xFF, 0xFF},
          {24, 0, 0, 0, 0}, // revision
          {24, 0x80, 0, 0, 0},
          {30, 0, 0}, // stanzas
          {30, 0, 1},
          {30, 0, 3},
          {30, 3, 0xEA},
          {72, 0x3B, 0x9A, 0xCA, 0}, // nanoseconds of created
          {76, 0x7F}, // expires
          {84, 0xFF},
          {88, 0, 0, 0, 0, 0, 0, 0x1F, 0xFF}, // image shorter than its header
          {88, 0x40},
          {88, 0x80},
          {160, 2}, // suites
          {161, 1},
          {167, 1},
          {168, 0xF, 0xF1}, // card
          {168, 0xFF, 0xFF},
          {170, 0, 0}, // header blocks
          {170, 0, 17},
          {172, 0, 1, 0, 1}, // records
          {172, 0xFF},
          {172, 0, 0, 0, 7},
        }) {
      int[] values = Arrays.copyOfRange(change, 1, change.length);
      byte[] copy = changed(change[0], values);
      assertThatThrownBy(() -> Prelude.parse("f", copy))
          .as("byte %d", change[0])
          .isInstanceOf(FileHeader.Refused.class);
    }
    byte[] behind = copy();
    behind[8191] = 1;
    assertRefused(behind);
    assertRefused(Arrays.copyOf(copy(), 4096));
  }

  @Test
  void stanzasStandInOrderAndOnce() {
    assertRefused(changed(FIRST + 1, 0)); // no sender's
    assertRefused(changed(SECOND + 1, 1)); // two of them
    assertRefused(changed(SECOND + 1, 2));
    assertRefused(changed(SECOND, 0)); // suite 0
    assertRefused(changed(SECOND + 2, 0, 59));
    assertRefused(changed(SECOND + 2, 0xFF, 0xFF));
    assertRefused(changed(SECOND + 2, 0, 124)); // of another length than its suite has
    assertRefused(changed(FIRST + 19, 1)); // a number of the sender's own
    assertRefused(changed(SECOND + 19, 0)); // a recipient's without one
    assertRefused(changed(SECOND + 12, 0x80));
    assertRefused(copy(prelude(RECORD, recipient(1, 0x20, 65), recipient(2, 0x20, 32))));
  }

  @Test
  void suitesOfLaterReleasesArePassedOver() throws Exception {
    Prelude prelude = prelude(RECORD, recipient(1, 0x20, 65), recipient(0xC8, 0x30, 11));
    assertThat(Prelude.parse("f", copy(prelude)).prelude()).isEqualTo(prelude);
    byte[] copy = copy(prelude);
    assertThat(Arrays.copyOfRange(copy, 160, 168)).containsExactly(1, 0xC8, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void otherFormatsAreRefusedByName() {
    for (String text : List.of("v2", "v1.1", "v10")) {
      byte[] copy = copy();
      System.arraycopy(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 8), 0, copy, 8, 8);
      assertThatThrownBy(() -> Prelude.parse("f", copy))
          .isInstanceOfSatisfying(
              FormatVersionException.class, e -> assertThat(e.found()).isEqualTo(text));
    }
  }

  @Test
  void whatMustNotBePassedOverIsRefusedByName() throws Exception {
    assertThat(Prelude.requireKnown("f", Prelude.parse("f", copy()))).isNull();
    for (int at : new int[] {28, 29}) {
      Prelude.Copy later = Prelude.parse("f", changed(at, 2));
      assertThatThrownBy(() -> Prelude.requireKnown("f", later))
          .isInstanceOf(FormatVersionException.class);
    }
    byte[] critical = ByteBuffer.allocate(4).putShort((short) 0x8001).putShort((short) 0).array();
    Prelude.Copy later = Prelude.parse("f", copy(prelude(critical, recipient(1, 0x20, 65))));
    assertThatThrownBy(() -> Prelude.requireKnown("f", later))
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("0x8001");
    Prelude.Copy cut =
        Prelude.parse("f", copy(prelude(new byte[] {1, 1, 0, 9}, recipient(1, 0x20, 65))));
    assertThat(Prelude.requireKnown("f", cut)).isNotNull();
  }
}
