// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.transport.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.channel.ScpSession;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportLimits;
import dev.strongroom.simulator.MemoryElementStore;
import dev.strongroom.simulator.PinCost;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SignatureException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/**
 * An exposed element under an arbitrary run of commands: as bytes, and by a host with a secure
 * channel who says arbitrary things in it. Every command is answered, and what is not the host's is
 * not executed.
 */
@Tag("fuzz")
class ElementFuzzTest {

  /** What happens next. */
  private enum Step {
    RAW,
    SECURED,
    SECURED_WITH_WRONG_MAC,
    OPEN_SECURE_CHANNEL,
    SELECT,
    OPEN_CHANNEL,
    RESET
  }

  private static final int MOST_STEPS = 48;
  private static final int CHANNELS = 4;
  private static final String USER_PIN = "1234";
  private static final String ADMINISTRATOR_PIN = "12345678";

  /** The base point of P-256. */
  private static final String POINT =
      "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
          + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

  private static final byte[] INITIALIZED = initialized();

  @FuzzTest(maxDuration = "10m")
  void element(byte[] input) throws Exception {
    accepts(input);
  }

  /** Whether a command of the host was executed in the secure channel. */
  static boolean accepts(byte[] input) throws Exception {
    Fields fields = new Fields(input);
    byte[] store = fields.u8() % 2 == 0 ? INITIALIZED : new byte[0];
    SimulatedElementOptions options =
        SimulatedElementOptions.builder()
            .pinCost(PinCost.CHEAP)
            .random(new CountingRandom(7816))
            .build();
    try (SimulatedElement element = SimulatedElement.on(MemoryElementStore.of(store), options)) {
      Host host = new Host(element);
      for (int step = 0; step < MOST_STEPS && fields.hasMore(); step++) {
        host.take(fields.choice(Step.values()), fields);
      }
      return host.executed;
    }
  }

  /** One host, one secure channel a logical channel. */
  private static final class Host {

    private final SimulatedElement element;
    private final Transport transport;
    private final @Nullable ScpSession[] sessions = new ScpSession[CHANNELS];
    private boolean executed;

    Host(SimulatedElement element) throws Exception {
      this.element = element;
      this.transport = element.exposed();
      transport.powerOn();
    }

    void take(Step step, Fields fields) throws Exception {
      int channel = fields.u8() % CHANNELS;
      switch (step) {
        case RAW -> raw(fields.run());
        case SECURED -> secured(channel, command(fields), 0);
        case SECURED_WITH_WRONG_MAC -> secured(channel, command(fields), 1 + fields.u8() % 8);
        case OPEN_SECURE_CHANNEL -> openSecureChannel(channel);
        case SELECT -> send(channel, select());
        case OPEN_CHANNEL -> send(0, CommandApdu.of(0, 0x70, 0, 0, 1));
        case RESET -> transport.powerOn();
      }
    }

    private static CommandApdu command(Fields fields) {
      int cla = fields.u8() & ElementProtocol.CLA_PROPRIETARY;
      return CommandApdu.of(cla, fields.u8(), fields.u8(), fields.u8(), fields.run(), fields.u16());
    }

    private static CommandApdu select() {
      return CommandApdu.of(0, 0xA4, 4, 0, ElementProtocol.AID.bytes().toByteArray(), 256);
    }

    /** Bytes as they are. They carry no right MAC, so only what needs none is executed. */
    private void raw(byte[] wire) throws Exception {
      long before = element.commandCount();
      StatusWord status = transmit(wire).status();
      if (element.commandCount() == before) {
        return;
      }
      CommandApdu command = CommandApdu.parse(wire);
      int cla = command.cla();
      boolean further = (cla & 0x40) != 0;
      assertThat(cla & (further ? 0x20 : 0x0C)).as("secured, %s", status).isZero();
      CommandApdu plain = command.withClass(cla & ElementProtocol.CLA_PROPRIETARY);
      assertThat(ElementProtocol.isProtected(plain)).as("%s, %s", plain, status).isFalse();
    }

    private void secured(int channel, CommandApdu command, int wrongByte) throws Exception {
      ScpSession session = sessions[channel];
      if (session == null || !session.isOpen()) {
        return;
      }
      CommandApdu sent = session.protect(command, TransportLimits.EXTENDED);
      if (wrongByte > 0) {
        byte[] data = sent.data();
        data[data.length - wrongByte] ^= 0x40;
        sent = CommandApdu.of(sent.cla(), sent.ins(), sent.p1(), sent.p2(), data, 0);
      }
      long before = element.commandCount();
      ResponseApdu answer = send(channel, sent);
      if (wrongByte > 0 || answer.status().equals(StatusWord.SECURE_MESSAGING_WRONG)) {
        assertThat(answer.status().value()).isIn(0x6988, 0x6881, 0x6883, 0x6700);
        assertThat(element.commandCount()).isEqualTo(before);
        session.close();
        return;
      }
      try {
        session.open(answer);
        executed |= element.commandCount() > before;
      } catch (SignatureException e) {
        // A command that goes on with a chain begun in clear, or closes its own channel.
        assertThat(answer.dataLength()).isZero();
      }
    }

    private void openSecureChannel(int channel) throws Exception {
      ResponseApdu certificate = send(channel, ChannelCertificate.request());
      if (!certificate.status().isSuccess()) {
        return;
      }
      ChannelKey key = ChannelCertificate.parse(certificate.data()).key();
      Scp11b opening = Scp11b.start(new CountingRandom(channel));
      ResponseApdu answer = send(channel, opening.command());
      sessions[channel] = answer.status().isSuccess() ? opening.finish(answer.data(), key) : null;
    }

    private ResponseApdu send(int channel, CommandApdu command) throws Exception {
      ResponseApdu part = transmit(command.withClass(command.cla() | channel).encode());
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(part.data());
      while (part.status().isMoreData()) {
        part = transmit(CommandApdu.of(channel, 0xC0, 0, 0, 256).encode());
        all.writeBytes(part.data());
        assertThat(all.size()).isLessThanOrEqualTo(65_536);
      }
      return ResponseApdu.of(all.toByteArray(), part.status());
    }

    private ResponseApdu transmit(byte[] wire) throws Exception {
      ResponseApdu answer = ResponseApdu.parse(transport.transmit(wire));
      assertThat(answer.status().sw1()).isIn(0x61, 0x63, 0x67, 0x68, 0x69, 0x6A, 0x6D, 0x6E, 0x90);
      return answer;
    }
  }

  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    byte[] verify = USER_PIN.getBytes(StandardCharsets.US_ASCII);
    byte[] grub = new byte[16 + 37];
    byte[] begin = Fields.of(0, Step.SELECT, 0, Step.OPEN_SECURE_CHANNEL, 0);
    byte[] login = secured(0x00, 0x20, 0x00, 0x81, verify);
    seeds.put("login-and-keys", joined(begin, login, secured(0x80, 0x10, 0, 0, grub)));
    byte[] forged = secured(0x80, 0x10, 0, 0, grub);
    System.arraycopy(Fields.of(Step.SECURED_WITH_WRONG_MAC), 0, forged, 0, 1);
    seeds.put("wrong-mac", joined(begin, login, forged, new byte[] {7}));
    seeds.put("status", joined(begin, secured(0x00, 0xCA, 1, 1, new byte[0])));
    seeds.put("wrong-pin", joined(begin, secured(0x00, 0x20, 0, 0x81, new byte[] {1, 2, 3, 4})));
    seeds.put(
        "second-channel",
        joined(
            Fields.of(0, Step.OPEN_CHANNEL, 0, Step.SELECT, 1),
            Fields.of(Step.OPEN_SECURE_CHANNEL, 1, Step.SECURED, 1),
            Fields.of(0x00, 0x84, 0, 0, new byte[] {0, 16}, 0, 16)));
    byte[] pins = new byte[14];
    pins[0] = 4;
    pins[5] = 8;
    for (int i = 0; i < pins.length; i++) {
      pins[i] = i == 0 || i == 5 ? pins[i] : (byte) '7';
    }
    seeds.put(
        "blank",
        joined(
            Fields.of(1, Step.SELECT, 0, Step.OPEN_SECURE_CHANNEL, 0),
            secured(0x80, 0x02, 0, 0, pins)));
    seeds.put(
        "identity-and-versions",
        joined(
            begin,
            login,
            secured(0x80, 0x30, 1, 0, new byte[32]),
            secured(0x80, 0x32, 0, 0, new byte[16]),
            secured(0x80, 0x22, 0, 0, new byte[88]),
            secured(0x80, 0x20, 0, 0, new byte[16]),
            secured(0x80, 0x34, 1, 0, bytes(POINT + "00000000" + "0020"))));
    byte[] administrator = ADMINISTRATOR_PIN.getBytes(StandardCharsets.US_ASCII);
    byte[] anchor = bytes("00000001" + "01" + "01" + POINT);
    seeds.put(
        "trust-and-wipe",
        joined(
            begin,
            login,
            secured(0x80, 0x36, 0, 0, joined(new byte[] {8}, administrator, anchor)),
            secured(0x80, 0x3A, 1, 0, new byte[0]),
            secured(
                0x80,
                0x38,
                1,
                0,
                joined(new byte[] {8}, administrator, new byte[32], bytes("02" + POINT + POINT))),
            secured(0x80, 0x04, 0, 0, administrator)));
    byte[] id = bytes("11".repeat(16) + "0000000000000001" + "22".repeat(16));
    seeds.put(
        "card-and-receive",
        joined(
            begin,
            login,
            secured(0x00, 0xCA, 1, 4, new byte[0]),
            secured(
                0x80, 0x34, 2, 0, joined(new byte[] {9}, new byte[31], bytes("00000000" + "0020"))),
            secured(
                0x80, 0x3C, 0, 0, joined(new byte[] {1}, id, bytes(POINT + "00000000" + "0020"))),
            secured(0x80, 0x3C, 1, 0, id),
            secured(0x80, 0x3C, 2, 0, new byte[0]),
            secured(
                0x80, 0x3E, 0, 0, joined(new byte[] {8}, administrator, bytes("11".repeat(16))))));
    seeds.put(
        "chain-and-reset",
        joined(
            begin,
            Fields.of(Step.RAW, 0, bytes("10ca0101020102")),
            Fields.of(Step.RAW, 0, bytes("00c0000000")),
            Fields.of(Step.RAW, 0, bytes("00840000001c00")),
            Fields.of(Step.RAW, 0, bytes("00c0000000")),
            Fields.of(Step.RAW, 0, bytes("8010000001aa00")),
            login,
            secured(0x80, 0x10, 1, 0, new byte[62])));
    return seeds;
  }

  private static byte[] secured(int cla, int ins, int p1, int p2, byte[] data) {
    return Fields.of(Step.SECURED, 0, cla, ins, p1, p2, data, 1, 0);
  }

  private static byte[] bytes(String hex) {
    return Bytes.parse(hex).toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] initialized() {
    MemoryElementStore store = new MemoryElementStore();
    try (SecureElement element =
            SecureElement.open(SimulatedElement.on(store, SimulatedElementOptions.cheap()));
        SecretBytes user = SecretBytes.encode(USER_PIN.toCharArray());
        SecretBytes administrator = SecretBytes.encode(ADMINISTRATOR_PIN.toCharArray())) {
      element.initialize(user, administrator);
      return store.content();
    } catch (StrongroomException e) {
      throw new IllegalStateException(e);
    }
  }
}
