// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.device.ElementProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where others may listen, the commands marked P in docs/spec/element-protocol.md answer 6982
 * outside the secure channel, whatever else is wrong, and nothing is executed or counted.
 */
class ExposureTest {

  private static final String VOLUME = "404142434445464748494A4B4C4D4E4F";
  private static final String ITEM =
      "00505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F00000001";
  private static final String ADMINISTRATOR = "083132333435363738";
  private static final String POINT = "04" + "11".repeat(64);

  /** A command marked P, as a host would send it. */
  private record Command(String name, int cla, int ins, int p1, int p2, String data) {

    byte[] wire(int channel, boolean extended) {
      byte[] bytes = Bytes.parse(data).toByteArray();
      CommandApdu command =
          CommandApdu.of(cla | channel, ins, p1, p2, bytes, extended ? 65_536 : 256);
      return command.encode();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Command> protectedCommands() {
    String pins = "0431323334" + ADMINISTRATOR;
    String hpke = POINT + "0000";
    String id = VOLUME + "0000000000000001" + VOLUME;
    return Stream.of(
        new Command("INITIALIZE", 0x80, 0x02, 0, 0, pins),
        new Command("INITIALIZE, twin", 0x80, 0x02, 1, 0, pins),
        new Command("WIPE", 0x80, 0x04, 0, 0, ADMINISTRATOR.substring(2)),
        new Command("WIPE, both blocked", 0x80, 0x04, 0, 0, ""),
        new Command("VERIFY, user", 0x00, 0x20, 0, 0x81, "31323334"),
        new Command("VERIFY, wrong", 0x00, 0x20, 0, 0x81, "34333231"),
        new Command("VERIFY, too short", 0x00, 0x20, 0, 0x81, "31"),
        new Command("VERIFY, administrator", 0x00, 0x20, 0, 0x82, "3132333435363738"),
        new Command("VERIFY, no such PIN", 0x00, 0x20, 0, 0x83, "31323334"),
        new Command("CHANGE REFERENCE DATA", 0x00, 0x24, 0, 0x81, "0431323334" + "0435363738"),
        new Command("CHANGE, malformed", 0x00, 0x24, 1, 0x99, "05"),
        new Command("RESET RETRY COUNTER", 0x00, 0x2C, 0, 0x81, ADMINISTRATOR + "0431323334"),
        new Command("GRUB, files", 0x80, 0x10, 0, 0, VOLUME + ITEM),
        new Command("GRUB, no items", 0x80, 0x10, 0, 0, ""),
        new Command("GRUB, pages", 0x80, 0x10, 1, 0, VOLUME + "00".repeat(44) + "0001"),
        new Command("READ VERSION", 0x80, 0x20, 0, 0, VOLUME),
        new Command("READ VERSION, all", 0x80, 0x20, 0, 0, ""),
        new Command("COMPARE AND SET VERSION", 0x80, 0x22, 0, 0, VOLUME + "00".repeat(72)),
        new Command("RELEASE VERSION", 0x80, 0x24, 0, 0, ADMINISTRATOR + VOLUME),
        new Command("SIGN", 0x80, 0x30, 1, 0, "22".repeat(32)),
        new Command("ATTEST", 0x80, 0x32, 0, 0, "33".repeat(16)),
        new Command("HPKE EXPORT", 0x80, 0x34, 1, 0, hpke + "00000020"),
        new Command("HPKE OPEN", 0x80, 0x34, 1, 1, hpke + "0000" + "44".repeat(17)),
        new Command("SET TRUST ANCHOR", 0x80, 0x36, 0, 0, ADMINISTRATOR + "000000010101" + POINT),
        new Command("UPDATE TRUST ANCHOR", 0x80, 0x36, 1, 0, "000000020101" + POINT + "0000"),
        new Command("EXPORT SECRET", 0x80, 0x38, 1, 0, ADMINISTRATOR + "55".repeat(32) + "02"),
        new Command("IMPORT SECRET, challenge", 0x80, 0x3A, 1, 0, ""),
        new Command("IMPORT SECRET", 0x80, 0x3A, 1, 0, ADMINISTRATOR + "0001" + "02"),
        new Command("RECEIVE", 0x80, 0x3C, 0, 0, "01" + id + hpke + "00000020"),
        new Command("RECEIVE, unknown suite", 0x80, 0x3C, 0, 0, "09" + id),
        new Command("RECEIVE DONE", 0x80, 0x3C, 1, 0, id),
        new Command("READ RECEIVE REGISTER", 0x80, 0x3C, 2, 0, ""),
        new Command("FORGET SENDER", 0x80, 0x3E, 0, 0, ADMINISTRATOR + VOLUME));
  }

  private final SimulatedElement element =
      SimulatedElement.inMemory(SimulatedElementOptions.cheap());
  private RawHost host = RawHost.beside(element.exposed());

  /** An initialised element with a user who is logged in on the basic channel, in clear. */
  @BeforeEach
  void loggedInByAnotherWay() throws Exception {
    RawHost inside = RawHost.on(element.byApdu());
    inside.select();
    assertThat(inside.plain("800200000E0431323334083132333435363738").status()).hasToString("9000");
    assertThat(inside.plain("002000810431323334").status()).hasToString("9000");
    host = RawHost.beside(element.exposed());
  }

  private String state() throws Exception {
    return Bytes.copyOf(host.raw("00CA010100").data()).toString();
  }

  private void assertRefusedUncounted(byte[] wire, Object description) throws Exception {
    long commands = element.commandCount();
    ResponseApdu answer = host.raw(wire);
    assertThat(answer.status()).as("%s", description).hasToString("6982");
    assertThat(answer.dataLength()).isZero();
    assertThat(element.commandCount()).as("%s", description).isEqualTo(commands);
  }

  @ParameterizedTest
  @MethodSource("protectedCommands")
  void aCommandMarkedPIsRefusedAndNothingCounted(Command command) throws Exception {
    String before = state();
    RawHost other = host.openChannel();
    for (int channel : new int[] {0, other.number()}) {
      for (boolean extended : new boolean[] {false, true}) {
        assertRefusedUncounted(command.wire(channel, extended), command);
      }
    }
    // A part of a chain is not even kept.
    byte[] link = command.wire(0, false);
    link[0] |= 0x10;
    assertRefusedUncounted(link, command);
    assertThat(state()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("protectedCommands")
  void itIsRefusedToABlankElementAndBeforeSelect(Command command) throws Exception {
    try (SimulatedElement blank = SimulatedElement.inMemory(SimulatedElementOptions.cheap())) {
      RawHost stranger = RawHost.on(blank.exposed());
      assertThat(stranger.raw(command.wire(0, false)).status()).hasToString("6982");
      stranger.select();
      assertThat(stranger.raw(command.wire(0, false)).status()).hasToString("6982");
      assertThat(blank.commandCount()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("protectedCommands")
  void withinTheSecureChannelItIsLookedAt(Command command) throws Exception {
    host.openSecureChannel();
    byte[] wire = command.wire(0, false);
    ResponseApdu answer = host.secured(CommandApdu.parse(wire));
    assertThat(answer.status().value()).as("%s", command).isNotIn(0x6988, 0x6D00, 0x6E00, 0x6881);
    assertThat(host.session().isOpen()).isTrue();
  }

  @Test
  void noOtherInstructionIsExecutedOutside() throws Exception {
    List<String> executed = new ArrayList<>();
    String before = state();
    for (int cla : new int[] {0x00, 0x80}) {
      for (int ins = 0; ins <= 0xFF; ins++) {
        for (int p1 : new int[] {0x00, 0x01, 0x04, 0x80, 0xBF, 0xFF}) {
          for (int p2 : new int[] {0x00, 0x01, 0x02, 0x13, 0x21, 0x81, 0x82}) {
            for (byte[] data : new byte[][] {{}, {0x31, 0x32, 0x33, 0x34}}) {
              long commands = element.commandCount();
              CommandApdu command = CommandApdu.of(cla, ins, p1, p2, data, 256);
              ResponseApdu answer = host.raw(command.encode());
              if (ElementProtocol.isProtected(command)) {
                assertThat(answer.status()).as("%s", command).hasToString("6982");
                assertThat(element.commandCount()).as("%s", command).isEqualTo(commands);
              } else if (answer.status().isSuccess()) {
                executed.add(String.format("%02X %02X", cla, ins));
              }
            }
          }
        }
      }
    }
    // MANAGE CHANNEL, GET CHALLENGE, GET DATA; VERIFY as a question and at the end of a login.
    assertThat(executed.stream().distinct())
        .containsExactlyInAnyOrder("00 20", "00 70", "00 84", "00 CA", "80 CA");
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void theSameElementTakesThemInTheProcess() throws Exception {
    RawHost inside = RawHost.beside(element.byApdu());
    assertThat(inside.plain("002000810431323334").status()).hasToString("9000");
    assertThat(inside.plain("8010000035" + VOLUME + ITEM + "70").status()).hasToString("9000");
    assertThat(element.byApdu().leavesProcess()).isFalse();
    assertThat(element.exposed().leavesProcess()).isTrue();
  }
}
