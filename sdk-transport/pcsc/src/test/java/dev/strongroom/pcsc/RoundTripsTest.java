// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.smartcardio.Card;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.TerminalFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Round trips in a second through the transport beside those of a bare loop of {@code
 * javax.smartcardio} over the same stack: five runs of each in turn, and the ratio of the medians.
 *
 * <p>In the build it only shows that both do the same work. To measure: {@code mvn -Pquick
 * -DskipTests=false -pl sdk-transport/pcsc -am test -Dtest=RoundTripsTest -Dround.trips=20000}.
 */
@ExtendWith(PcscStack.class)
class RoundTripsTest {

  private static final int ROUND_TRIPS = Integer.getInteger("round.trips", 100);
  private static final int RUNS = 5;
  private static final int[] PAYLOADS = {1, 255, 4096};

  private interface Loop {
    byte[] exchange(byte[] command) throws Exception;
  }

  @Test
  void theTransportDoesWhatABareLoopDoes() throws Exception {
    try (RawCard card = RawCard.inserted(0, RawCard.EXTENDED, RoundTripsTest::echo)) {
      int expected = 0;
      for (int payload : PAYLOADS) {
        List<Double> ours = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        byte[] command =
            CommandApdu.of(0x80, 0x10, 0, 0, new byte[payload], Math.max(payload, 256)).encode();
        for (int run = -1; run < RUNS; run++) {
          // Who comes first changes; the run before the first only warms up.
          double before = run % 2 == 0 ? transport(command, payload) : 0;
          double beside = bare(command, payload);
          double after = run % 2 == 0 ? 0 : transport(command, payload);
          expected += 2 * ROUND_TRIPS;
          if (run >= 0) {
            ours.add(before + after);
            bare.add(beside);
          }
        }
        System.out.printf(
            Locale.ROOT,
            "Java %s, %d bytes each way, %d round trips: transport %.0f/s, bare %.0f/s, ratio"
                + " %.2f%n",
            System.getProperty("java.version"),
            payload,
            ROUND_TRIPS,
            median(ours),
            median(bare),
            median(ours) / median(bare));
      }
      assertThat(card.count()).isEqualTo(expected);
    }
  }

  private static double transport(byte[] command, int payload) throws Exception {
    try (Transport transport =
        new PcscProvider().open(ElementUri.parse("pcsc:" + PcscStack.READERS.get(0)))) {
      transport.powerOn();
      return perSecond(transport::transmit, command, payload);
    }
  }

  private static double bare(byte[] command, int payload) throws Exception {
    Card card =
        TerminalFactory.getInstance("PC/SC", null)
            .terminals()
            .getTerminal(PcscStack.READERS.get(0))
            .connect("*");
    try {
      CardChannel channel = card.getBasicChannel();
      return perSecond(
          apdu -> channel.transmit(new CommandAPDU(apdu)).getBytes(), command, payload);
    } finally {
      card.disconnect(true);
    }
  }

  private static double perSecond(Loop loop, byte[] command, int payload) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < ROUND_TRIPS; i++) {
      byte[] answer = loop.exchange(command);
      assertThat(answer.length).isEqualTo(payload + 2);
    }
    return ROUND_TRIPS * 1e9 / (System.nanoTime() - start);
  }

  private static double median(List<Double> rates) {
    return rates.stream().sorted().skip(rates.size() / 2).findFirst().orElseThrow();
  }

  private static byte[] echo(byte[] command) {
    int header = command[4] == 0 ? 7 : 5;
    int length = header == 5 ? command[4] & 0xFF : ((command[5] & 0xFF) << 8) | (command[6] & 0xFF);
    byte[] answer = Arrays.copyOfRange(command, header, header + length + 2);
    answer[length] = (byte) 0x90;
    answer[length + 1] = 0;
    return answer;
  }
}
