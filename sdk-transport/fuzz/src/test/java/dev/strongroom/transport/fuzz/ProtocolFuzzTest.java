// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.transport.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.apdu.BerTlv;
import dev.strongroom.core.apdu.CardCapabilities;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** The values that travel in clear: what is taken is written back as it was read. */
@Tag("fuzz")
class ProtocolFuzzTest {

  private enum Structure {
    COMMAND {
      @Override
      void read(byte[] bytes) {
        assertThat(CommandApdu.parse(bytes).encode()).isEqualTo(bytes);
      }
    },
    RESPONSE {
      @Override
      void read(byte[] bytes) {
        assertThat(ResponseApdu.parse(bytes).encode()).isEqualTo(bytes);
      }
    },
    ANSWER_TO_RESET {
      @Override
      void read(byte[] bytes) {
        Atr atr = Atr.of(Bytes.copyOf(bytes));
        assertThat(atr.bytes().toByteArray()).isEqualTo(bytes);
        assertThat(CardCapabilities.of(atr).logicalChannels()).isBetween(1, 8);
      }
    },
    DATA_OBJECTS {
      @Override
      void read(byte[] bytes) {
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        BerTlv.parseAll(Bytes.copyOf(bytes)).forEach(object -> again.writeBytes(object.encode()));
        assertThat(again.toByteArray()).isEqualTo(bytes);
      }
    },
    DESCRIPTION {
      @Override
      void read(byte[] bytes) {
        ElementInfo info = ElementProtocol.parseInfo(bytes);
        assertThat(ElementProtocol.parseInfo(ElementProtocol.encodeInfo(info))).isEqualTo(info);
      }
    },
    STATUS {
      @Override
      void read(byte[] bytes) {
        ElementStatus status = ElementProtocol.parseStatus(bytes);
        assertThat(ElementProtocol.parseStatus(ElementProtocol.encodeStatus(status)))
            .isEqualTo(status);
      }
    };

    abstract void read(byte[] bytes);
  }

  @FuzzTest(maxDuration = "10m")
  void protocol(byte[] input) {
    accepts(input);
  }

  /** Whether the structure is read; anything but a refusal of its own type fails. */
  static boolean accepts(byte[] input) {
    Fields fields = new Fields(input);
    Structure structure = fields.choice(Structure.values());
    try {
      structure.read(fields.rest());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static Map<String, byte[]> seeds() throws StrongroomException {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    add(seeds, "case-1", Structure.COMMAND, "0020ff81");
    add(seeds, "case-4", Structure.COMMAND, "00a404000cf05374726f6e67726f6f6d0100");
    add(seeds, "case-2e", Structure.COMMAND, "00840000001c00");
    add(seeds, "case-4e", Structure.COMMAND, "00840000000002001c0000");
    add(seeds, "response", Structure.RESPONSE, "0102039000");
    add(seeds, "atr", Structure.ANSWER_TO_RESET, "3b85800180738000d3a4");
    add(seeds, "atr-t0", Structure.ANSWER_TO_RESET, "3b021450");
    add(seeds, "objects", Structure.DATA_OBJECTS, "6f048402f053a5005f2001017f4900");
    add(seeds, "long-object", Structure.DATA_OBJECTS, "538180" + "00".repeat(128));
    try (ElementCommands element =
        SimulatedElement.inMemory(SimulatedElementOptions.cheap()).openChannel()) {
      String description = Bytes.copyOf(ElementProtocol.encodeInfo(element.select())).toString();
      add(seeds, "description", Structure.DESCRIPTION, description);
    }
    add(seeds, "status", Structure.STATUS, "01050a000000000000000007");
    return seeds;
  }

  private static void add(
      Map<String, byte[]> seeds, String name, Structure structure, String content) {
    seeds.put(name, Fields.tagged(structure, Bytes.parse(content).toByteArray()));
  }
}
