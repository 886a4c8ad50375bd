// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResponseApduTest {

  @Test
  void dataComeBeforeTheStatusWord() {
    ResponseApdu response = ResponseApdu.parse(new byte[] {1, 2, (byte) 0x90, 0});
    assertThat(response.data()).containsExactly(1, 2);
    assertThat(response.status()).isEqualTo(StatusWord.SUCCESS);
    assertThat(response.encode()).containsExactly(1, 2, 0x90, 0);
    assertThat(response).hasToString("9000 Nr=2");
    response.close();
    assertThat(response.data()).containsOnly(0);
  }

  @Test
  void fewerThanTwoBytesAreNoResponse() {
    for (int length : new int[] {0, 1, 65_539}) {
      assertThatThrownBy(() -> ResponseApdu.parse(new byte[length]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void statusWordsKnowTheirKind() {
    assertThat(StatusWord.triesLeft(4)).hasToString("63C4");
    assertThat(StatusWord.triesLeft(0).isTriesLeft()).isTrue();
    assertThat(new StatusWord(0x6300).isTriesLeft()).isFalse();
    assertThat(StatusWord.moreData(255)).hasToString("61FF");
    assertThat(StatusWord.moreData(256)).hasToString("6100");
    assertThat(StatusWord.moreData(9).isMoreData()).isTrue();
    assertThat(new StatusWord(0x6C10).isWrongLe()).isTrue();
    assertThat(StatusWord.of((byte) 0x6F, (byte) 0xFF)).isEqualTo(new StatusWord(0x6FFF));
    assertThatThrownBy(() -> new StatusWord(0x10000)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StatusWord.triesLeft(16)).isInstanceOf(IllegalArgumentException.class);
  }
}
