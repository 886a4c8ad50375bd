// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.transport.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;

/**
 * A host whose element answers whatever it likes: the host ends with a result or with an error of
 * its own kind, after a bounded number of commands, and tells its PIN to nobody who has not proved
 * a key where others may listen.
 */
@Tag("fuzz")
class HostFuzzTest {

  private static final int MOST_COMMANDS = 4096;
  private static final Bytes ID = Bytes.copyOf(new byte[16]);
  private static final byte[] PIN = "correct horse".getBytes(UTF_8);

  /** Where answers come from. */
  private interface Source {
    byte[] atr();

    byte[] answer(byte[] command) throws TransportException;
  }

  private enum Reach {
    IN_PROCESS,
    EXPOSED
  }

  @FuzzTest(maxDuration = "10m")
  void host(byte[] input) {
    accepts(input);
  }

  /** Whether the host believed in an element to the end. */
  static boolean accepts(byte[] input) {
    Fields fields = new Fields(input);
    int mode = fields.u8();
    Answers answers =
        new Answers(
            new Source() {
              @Override
              public byte[] atr() {
                return fields.run();
              }

              @Override
              public byte[] answer(byte[] command) throws TransportException {
                if (!fields.hasMore()) {
                  throw new LinkLostException("fuzzed", LinkLostException.Outcome.UNKNOWN, null);
                }
                return fields.run();
              }
            },
            mode % 2 == 0 ? TransportLimits.EXTENDED : TransportLimits.SHORT,
            mode / 2 % 2 == 0 ? Reach.IN_PROCESS : Reach.EXPOSED);
    try {
      converse(answers);
      return true;
    } catch (StrongroomException e) {
      return false;
    } finally {
      assertThat(answers.commands).isLessThanOrEqualTo(MOST_COMMANDS);
    }
  }

  private static void converse(Transport transport) throws StrongroomException {
    try (SecureElement element = SecureElement.open(transport);
        SecretBytes pin = SecretBytes.copyOf(PIN)) {
      element.status();
      try (ElementSession session = element.login(pin)) {
        session.random(32);
        session.grub(ID, List.of(GrubRequest.existing(ID, ID, 1))).forEach(Grub::close);
      }
    }
  }

  /** What a simulated element answers, by each length of APDU and each way to it. */
  static Map<String, byte[]> seeds() throws StrongroomException {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    for (TransportLimits limits :
        new TransportLimits[] {TransportLimits.EXTENDED, TransportLimits.SHORT}) {
      seeds.put("in-process-" + limits.maxCommand(), recorded(limits, Reach.IN_PROCESS));
    }
    return seeds;
  }

  /** The same, in a secure channel: as a recording it fails at its receipt. */
  static byte[] recordedInSecureChannel() throws StrongroomException {
    return recorded(TransportLimits.EXTENDED, Reach.EXPOSED);
  }

  private static byte[] recorded(TransportLimits limits, Reach reach) throws StrongroomException {
    SimulatedElement simulated = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    try (SecretBytes pin = SecretBytes.copyOf(PIN);
        ElementCommands commands = simulated.openChannel()) {
      commands.initialize(pin, SecretBytes.copyOf("12345678".getBytes(UTF_8)));
    }
    int mode =
        (limits.equals(TransportLimits.EXTENDED) ? 0 : 1) + 2 * (reach == Reach.EXPOSED ? 1 : 0);
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.write(mode);
    Transport way = reach == Reach.EXPOSED ? simulated.exposed() : simulated.byApdu();
    Source recording =
        new Source() {
          @Override
          public byte[] atr() {
            byte[] atr = powerOn(way);
            record.writeBytes(Fields.of((Object) atr));
            return atr;
          }

          @Override
          public byte[] answer(byte[] command) throws TransportException {
            byte[] answer = way.transmit(command);
            record.writeBytes(Fields.of((Object) answer));
            return answer;
          }
        };
    converse(new Answers(recording, limits, reach));
    return record.toByteArray();
  }

  private static byte[] powerOn(Transport way) {
    try {
      return way.powerOn().bytes().toByteArray();
    } catch (TransportException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An element that answers out of a source. */
  private static final class Answers implements Transport {

    private final Source source;
    private final TransportLimits limits;
    private final Reach reach;
    private int commands;

    Answers(Source source, TransportLimits limits, Reach reach) {
      this.source = source;
      this.limits = limits;
      this.reach = reach;
    }

    @Override
    public Atr powerOn() {
      return Atr.of(Bytes.copyOf(source.atr()));
    }

    @Override
    public byte[] transmit(byte[] command) throws TransportException {
      commands++;
      if (reach == Reach.EXPOSED) {
        assertThat(contains(command, PIN)).as("the PIN in clear").isFalse();
      }
      return source.answer(command);
    }

    private static boolean contains(byte[] content, byte[] part) {
      return Bytes.copyOf(content).toString().contains(Bytes.copyOf(part).toString());
    }

    @Override
    public void powerOff() {}

    @Override
    public TransportLimits limits() {
      return limits;
    }

    @Override
    public LostAnswer lostAnswer() {
      return LostAnswer.MAY_BE_EXECUTED;
    }

    @Override
    public boolean leavesProcess() {
      return reach == Reach.EXPOSED;
    }

    @Override
    public boolean isPresent() {
      return true;
    }

    @Override
    public void listen(Consumer<TransportEvent> listener) {}

    @Override
    public String name() {
      return "fuzzed";
    }

    @Override
    public void close() {}
  }
}
