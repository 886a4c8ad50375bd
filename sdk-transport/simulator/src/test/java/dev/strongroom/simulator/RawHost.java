// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.channel.ScpSession;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportLimits;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A host without the layers: sends what a test says, on one logical channel. */
final class RawHost {

  static final String SELECT = "00A404000CF05374726F6E67726F6F6D0100";

  private static final int LINK = 255;

  private final Transport transport;
  private final TransportLimits limits;
  private final int number;
  private @Nullable ScpSession session;

  RawHost(Transport transport, TransportLimits limits, int number) {
    this.transport = transport;
    this.limits = limits;
    this.number = number;
  }

  /** On the basic channel, extended length. */
  static RawHost on(Transport transport) throws Exception {
    transport.powerOn();
    return beside(transport);
  }

  /** On the basic channel of a card that is on already. */
  static RawHost beside(Transport transport) {
    return new RawHost(transport, TransportLimits.EXTENDED, 0);
  }

  /** With a session that was opened on another channel. */
  static RawHost withSession(Transport transport, int number, ScpSession session) {
    RawHost host = new RawHost(transport, TransportLimits.EXTENDED, number);
    host.session = session;
    return host;
  }

  /** Another channel of the same card. */
  RawHost openChannel() throws Exception {
    ResponseApdu answer = plain("0070000001");
    assertThat(answer.status()).hasToString("9000");
    return new RawHost(transport, limits, answer.data()[0]);
  }

  int number() {
    return number;
  }

  /** Sends bytes as they are. */
  ResponseApdu raw(String wire) throws Exception {
    return raw(Bytes.parse(wire).toByteArray());
  }

  ResponseApdu raw(byte[] wire) throws Exception {
    return ResponseApdu.parse(transport.transmit(wire));
  }

  /** Sends a clear command on this channel. */
  ResponseApdu plain(String command) throws Exception {
    return send(CommandApdu.parse(Bytes.parse(command).toByteArray()));
  }

  ChannelKey channelKey() throws Exception {
    ResponseApdu answer = plain("80CABF2100");
    assertThat(answer.status()).hasToString("9000");
    return ChannelCertificate.parse(answer.data()).key();
  }

  void select() throws Exception {
    assertThat(plain(SELECT).status()).hasToString("9000");
  }

  /** SCP11b with the key that the element shows. */
  RawHost openSecureChannel() throws Exception {
    ChannelKey key = channelKey();
    Scp11b opening = Scp11b.start(new SecureRandom());
    ResponseApdu answer = send(opening.command());
    assertThat(answer.status()).hasToString("9000");
    session = opening.finish(answer.data(), key);
    return this;
  }

  ScpSession session() {
    return Objects.requireNonNull(session, "no secure channel has been opened");
  }

  /** Protects a command and opens its answer. */
  ResponseApdu secured(String command) throws Exception {
    return secured(CommandApdu.parse(Bytes.parse(command).toByteArray()));
  }

  ResponseApdu secured(CommandApdu command) throws Exception {
    return session().open(send(session().protect(command, limits)));
  }

  /** Sends a command on this channel in one piece or as a chain, and fetches all of the answer. */
  ResponseApdu send(CommandApdu command) throws Exception {
    if (limits.takes(command)) {
      return fetch(raw(numbered(command, command.cla()).encode()));
    }
    byte[] data = command.data();
    int from = 0;
    for (; data.length - from > LINK; from += LINK) {
      byte[] part = Arrays.copyOfRange(data, from, from + LINK);
      ResponseApdu answer = raw(numbered(part(command, part, 0), command.cla() | 0x10).encode());
      if (!answer.status().isSuccess()) {
        return answer;
      }
    }
    byte[] last = Arrays.copyOfRange(data, from, data.length);
    int expected = Math.min(256, command.expected());
    return fetch(raw(numbered(part(command, last, expected), command.cla()).encode()));
  }

  private ResponseApdu fetch(ResponseApdu first) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ResponseApdu part = first;
    all.writeBytes(part.data());
    while (part.status().isMoreData()) {
      part = raw(numbered(CommandApdu.of(0, 0xC0, 0, 0, 256), 0).encode());
      all.writeBytes(part.data());
    }
    return ResponseApdu.of(all.toByteArray(), part.status());
  }

  private CommandApdu numbered(CommandApdu command, int cla) {
    if (number < 4) {
      return command.withClass(cla | number);
    }
    int secured = (cla & 0x04) == 0 ? 0 : 0x20;
    return command.withClass((cla & 0x90) | 0x40 | secured | (number - 4));
  }

  private static CommandApdu part(CommandApdu command, byte[] data, int expected) {
    return CommandApdu.of(command.cla(), command.ins(), command.p1(), command.p2(), data, expected);
  }
}
