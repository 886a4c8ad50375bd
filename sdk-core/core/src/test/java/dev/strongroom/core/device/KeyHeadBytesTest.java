// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyHeadBytesTest {

  private static final Bytes REASON = Bytes.parse("ab".repeat(32));

  @Test
  void aHeadIsATimeAndAnAcknowledgementOrNone() {
    for (KeyUseHead head :
        List.of(
            KeyUseHead.NONE,
            new KeyUseHead(new ElementTime(0xFEDC_BA98L), null),
            new KeyUseHead(new ElementTime(1), REASON))) {
      ByteBuffer data = ByteBuffer.allocate(head.length() + 1);
      head.put(data);
      assertThat(data.remaining()).isEqualTo(1);
      data.flip();
      assertThat(KeyUseHead.read(data)).isEqualTo(head);
      assertThat(data.hasRemaining()).isFalse();
    }
    ByteBuffer told = ByteBuffer.allocate(5);
    new KeyUseHead(new ElementTime(0xFEDC_BA98L), null).put(told);
    assertThat(Bytes.copyOf(told.array())).isEqualTo(Bytes.parse("fedcba9800"));
    for (String wrong : List.of("", "00000000", "0000000020" + "ab".repeat(31), "0000000001ab")) {
      ByteBuffer data = ByteBuffer.wrap(Bytes.parse(wrong).toByteArray());
      assertThatThrownBy(() -> KeyUseHead.read(data)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aClockThatWasNeverSetTellsNothing() {
    assertThat(now("1970-01-01T00:00:00Z")).isEqualTo(ElementTime.NONE);
    assertThat(now("2200-01-01T00:00:00Z")).isEqualTo(ElementTime.NONE);
    assertThat(now("2020-01-01T00:00:09.5Z")).isEqualTo(new ElementTime(9));
  }

  private static ElementTime now(String time) {
    return ElementKeys.now(Clock.fixed(Instant.parse(time), ZoneOffset.UTC));
  }

  @Test
  void statusAndTimeOfTheStoreAreReadAsTheyAreWritten() {
    KeyStoreStatus status =
        new KeyStoreStatus(
            0xFFFF_FFFFL,
            3,
            new ElementTime(4),
            new ElementTime(5),
            KeyStoreStatus.Administration.BY_ITSELF);
    Bytes encoded = Bytes.parse("ffffffff00000003000000040000000501");
    assertThat(status.encode()).isEqualTo(encoded);
    assertThat(KeyStoreStatus.parse(encoded)).isEqualTo(status);
    KeyStoreTime time = new KeyStoreTime(new ElementTime(4), new ElementTime(5));
    assertThat(time.encode()).isEqualTo(Bytes.parse("0000000400000005"));
    assertThat(KeyStoreTime.parse(time.encode())).isEqualTo(time);
    assertThatThrownBy(() -> KeyStoreStatus.parse(time.encode()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyStoreTime.parse(encoded))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
