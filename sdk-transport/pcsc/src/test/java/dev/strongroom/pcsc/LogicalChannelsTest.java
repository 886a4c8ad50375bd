// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.Transport;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** MANAGE CHANNEL and class bytes, which the driver handles itself. */
@Tag("jdk25")
@ExtendWith(PcscStack.class)
class LogicalChannelsTest {

  @Test
  void classBytesArriveAsTheyWereSentOnEveryChannel() throws Exception {
    int[] next = {1};
    try (RawCard card =
            RawCard.inserted(
                0,
                RawCard.EXTENDED,
                command ->
                    HexFormat.of()
                        .parseHex(
                            command[1] != 0x70 || command[2] != 0
                                ? "9000"
                                : next[0] < 20 ? "%02x9000".formatted(next[0]++) : "6a81"));
        Transport transport = open()) {
      transport.powerOn();
      for (int cla : new int[] {0x00, 0x10, 0x04, 0x0C, 0x80, 0x90, 0x84, 0x94, 0x20, 0xFE}) {
        assertArrives(transport, card, cla);
      }
      for (int channel = 1; channel <= 19; channel++) {
        assertThat(send(transport, "0070000001")).isEqualTo("%02x9000".formatted(channel));
      }
      assertThat(send(transport, "0070000001")).isEqualTo("6a81");
      for (int channel = 1; channel <= 19; channel++) {
        List<Integer> classes = new ArrayList<>();
        for (int cla : new int[] {0x00, 0x10, 0x80, 0x90}) {
          classes.add(channel <= 3 ? cla | channel : cla | 0x40 | (channel - 4));
          classes.add(channel <= 3 ? cla | 0x04 | channel : cla | 0x60 | (channel - 4));
        }
        for (int cla : classes) {
          assertArrives(transport, card, cla);
        }
      }
    }
  }

  @Test
  void aChannelThatIsNotOpenIsRefusedBeforeTheDriverTakesAnother() throws Exception {
    try (RawCard card =
            RawCard.inserted(
                0,
                RawCard.EXTENDED,
                command ->
                    HexFormat.of()
                        .parseHex(command[1] == 0x70 && command[2] == 0 ? "029000" : "9000"));
        Transport transport = open()) {
      transport.powerOn();
      assertThat(send(transport, "01ca0100")).isEqualTo("6881");
      assertThat(send(transport, "45ca0100")).isEqualTo("6881");
      assertThat(send(transport, "00708001")).isEqualTo("6881");
      assertThat(send(transport, "00708000")).isEqualTo("6a86");
      assertThat(send(transport, "0070000301")).isEqualTo("6a86");
      assertThat(send(transport, "0170000001")).isEqualTo("6e00");
      assertThat(card.commands()).isEmpty();

      assertThat(send(transport, "0070000001")).isEqualTo("029000");
      assertThat(send(transport, "02ca0100")).isEqualTo("9000");
      assertThat(send(transport, "00708002")).isEqualTo("9000");
      assertThat(send(transport, "02ca0100")).isEqualTo("6881");
      // The driver closes a channel on that channel.
      assertThat(card.commands())
          .extracting(Bytes::toString)
          .containsExactly("0070000001", "02ca0100", "02708002");

      // A reset closes all of them.
      assertThat(send(transport, "0070000001")).isEqualTo("029000");
      transport.powerOn();
      assertThat(send(transport, "02ca0100")).isEqualTo("6881");
    }
  }

  private static void assertArrives(Transport transport, RawCard card, int cla) throws Exception {
    String command = "%02xca0100".formatted(cla);
    assertThat(send(transport, command)).isEqualTo("9000");
    assertThat(card.commands().get(card.commands().size() - 1)).hasToString(command);
  }

  private static Transport open() throws Exception {
    return new PcscProvider().open(ElementUri.parse("pcsc:" + PcscStack.READERS.get(0)));
  }

  private static String send(Transport transport, String command) throws Exception {
    return HexFormat.of().formatHex(transport.transmit(HexFormat.of().parseHex(command)));
  }
}
