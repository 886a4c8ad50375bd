// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.transport.TransportLimits;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class ScpSessionTest {

  private static final List<ScpTrace.Message> TRACE =
      List.of(
          ScpTrace.WRONG_PIN, ScpTrace.RIGHT_PIN, ScpTrace.GRUB, ScpTrace.STATUS, ScpTrace.RANDOM);

  private record Pair(ScpSession host, ScpSession element) {
    static Pair opened() throws Exception {
      return new Pair(ScpTrace.host(), ScpTrace.accept().session());
    }
  }

  @Test
  void bothSidesSpeakTheBytesOfTheSpecification() throws Exception {
    Scp11b opening = Scp11b.start(ScpTrace.HOST);
    assertThat(Bytes.copyOf(opening.command().encode())).isEqualTo(ScpTrace.OPENING);
    Scp11b.Acceptance acceptance = ScpTrace.accept();
    assertThat(acceptance.answer()).isEqualTo(ScpTrace.OPENED);
    Pair pair = Pair.opened();
    assertThat(pair.host.receipt()).hasToString("1c23761fda92fd3b5601014049053831");
    assertThat(pair.element.receipt()).isEqualTo(pair.host.receipt());
    for (ScpTrace.Message message : TRACE) {
      CommandApdu command = CommandApdu.parse(message.command().toByteArray());
      CommandApdu sent = pair.host.protect(command, TransportLimits.EXTENDED);
      assertThat(withoutLe(sent)).as("%s", message).isEqualTo(message.sent());
      CommandApdu arrived = pair.element.unprotect(CommandApdu.parse(sent.encode()));
      assertThat(arrived.cla()).isEqualTo(command.cla());
      assertThat(arrived.data()).isEqualTo(command.data());
      ResponseApdu answer = ResponseApdu.parse(message.answer().toByteArray());
      ResponseApdu received = pair.element.protectResponse(answer);
      assertThat(Bytes.copyOf(received.encode())).as("%s", message).isEqualTo(message.received());
      ResponseApdu opened = pair.host.open(received);
      assertThat(Bytes.copyOf(opened.encode())).isEqualTo(message.answer());
    }
    assertThat(pair.host).hasToString("ScpSession[open, 5 commands]");
  }

  private static Bytes withoutLe(CommandApdu command) {
    byte[] wire = command.encode();
    return Bytes.copyOf(wire, 0, wire.length - (command.isExtended() ? 2 : 1));
  }

  @Test
  void messagesOfEveryLengthArrive() throws Exception {
    Random random = new Random(11);
    for (TransportLimits limits :
        new TransportLimits[] {
          TransportLimits.SHORT, TransportLimits.EXTENDED, new TransportLimits(1000, 1000)
        }) {
      Pair pair = Pair.opened();
      for (int length : new int[] {0, 1, 15, 16, 17, 223, 231, 232, 239, 240, 255, 256, 7168}) {
        for (int expected : new int[] {0, 1, 15, 16, 232, 256, 257, 7168, 65_536}) {
          byte[] data = new byte[length];
          random.nextBytes(data);
          CommandApdu command = CommandApdu.of(0x80, 0x10, 1, 2, data, expected);
          CommandApdu sent = pair.host.protect(command, limits);
          assertThat(sent.dataLength()).isLessThanOrEqualTo(length + ScpSession.MAX_OVERHEAD);
          CommandApdu arrived = pair.element.unprotect(overTheWire(sent, limits));
          assertThat(arrived.data()).isEqualTo(data);
          byte[] answer = new byte[expected == 65_536 ? 65_504 : expected];
          random.nextBytes(answer);
          ResponseApdu received =
              pair.element.protectResponse(ResponseApdu.of(answer, StatusWord.SUCCESS));
          if (sent.expected() != CommandApdu.MAX_SHORT_RESPONSE) {
            assertThat(received.dataLength()).isLessThanOrEqualTo(sent.expected());
          }
          assertThat(pair.host.open(received).data()).isEqualTo(answer);
        }
      }
    }
  }

  /** One piece where the transport takes it, otherwise as a chain is put together. */
  private static CommandApdu overTheWire(CommandApdu sent, TransportLimits limits) {
    return limits.takes(sent)
        ? CommandApdu.parse(sent.encode())
        : CommandApdu.of(sent.cla(), sent.ins(), sent.p1(), sent.p2(), sent.data(), 0);
  }

  @Test
  void theLastCommandThatCanBeCountedIsAnsweredAndNoOtherSent() throws Exception {
    Pair pair = new Pair(ScpTrace.host(), ScpTrace.accept().session());
    Field counter = ScpSession.class.getDeclaredField("counter");
    counter.setAccessible(true);
    counter.setInt(pair.host, Integer.MAX_VALUE - 1);
    counter.setInt(pair.element, Integer.MAX_VALUE - 1);
    CommandApdu command = CommandApdu.of(0, 0xCA, 1, 1, 12);
    CommandApdu sent = pair.host.protect(command, TransportLimits.EXTENDED);
    pair.element.unprotect(sent);
    ResponseApdu answer =
        pair.element.protectResponse(ResponseApdu.of(new byte[12], StatusWord.SUCCESS));
    assertThat(pair.host.open(answer).dataLength()).isEqualTo(12);
    assertThat(pair.host.isOpen()).isFalse();
    assertThat(pair.element.isOpen()).isFalse();
    assertThatThrownBy(() -> pair.host.protect(command, TransportLimits.EXTENDED))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theAnswerOfAnErrorIsItsStatusWordAndTheChannelGoesOn() throws Exception {
    Pair pair = Pair.opened();
    for (int status : new int[] {0x6982, 0x6A80, 0x6F00, 0x9001, 0x6700}) {
      CommandApdu sent =
          pair.host.protect(CommandApdu.of(0, 0xCA, 1, 1, 12), TransportLimits.EXTENDED);
      pair.element.unprotect(sent);
      ResponseApdu refused =
          pair.element.protectResponse(ResponseApdu.of(new byte[3], new StatusWord(status)));
      assertThat(refused.dataLength()).isZero();
      assertThat(pair.host.open(refused).status()).isEqualTo(new StatusWord(status));
    }
    exchange(pair);
  }

  @Test
  void anElementTakesABlockOfPaddingForNoData() throws Exception {
    // SCP03 sends no block, a host of Yubico's one; the MACs were made by another program.
    ScpSession element = ScpTrace.accept().session();
    CommandApdu padded =
        CommandApdu.parse(
            Bytes.parse("04ca0101180a88e8650e8606f80dceadc706ac5e89b4f698ec281381fa")
                .toByteArray());
    assertThat(element.unprotect(padded).dataLength()).isZero();
  }

  @Test
  void aChangeOfAnyByteOfACommandIsRefused() throws Exception {
    for (ScpTrace.Message message : List.of(ScpTrace.WRONG_PIN, ScpTrace.STATUS)) {
      CommandApdu clear = CommandApdu.parse(message.command().toByteArray());
      byte[] wire = ScpTrace.host().protect(clear, TransportLimits.EXTENDED).encode();
      for (int bit = 0; bit < 8 * (wire.length - 1); bit++) {
        byte[] changed = wire.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        ScpSession element = ScpTrace.accept().session();
        assertThatThrownBy(() -> element.unprotect(CommandApdu.parse(changed)))
            .isInstanceOfAny(SignatureException.class, IllegalArgumentException.class);
      }
      // Cut to every length that the fields allow; Le is not covered.
      byte[] data = CommandApdu.parse(wire).data();
      for (int length = 0; length < data.length; length++) {
        ScpSession element = ScpTrace.accept().session();
        CommandApdu cut =
            CommandApdu.of(
                wire[0] & 0xFF,
                wire[1] & 0xFF,
                wire[2] & 0xFF,
                wire[3] & 0xFF,
                Arrays.copyOf(data, length),
                0);
        assertThatThrownBy(() -> element.unprotect(cut)).isInstanceOf(SignatureException.class);
        assertThat(element.isOpen()).isFalse();
      }
    }
  }

  @Test
  void wrongPaddingUnderARightMacIsRefused() throws Exception {
    byte[] keys = new byte[ScpSession.KEYS_LENGTH];
    byte[] receipt = new byte[AesCmac.LENGTH];
    int refused = 0;
    // Random blocks: one in 256 ends with a padding byte, most others do not.
    for (int block = 0; block < 64; block++) {
      byte[] encrypted = new byte[16];
      new Random(block).nextBytes(encrypted);
      ByteBuffer message = AesCmac.message(16 + 5 + 16);
      message.put(receipt).put(new byte[] {0x04, 0x20, 0, (byte) 0x81, 24}).put(encrypted);
      byte[] data = Arrays.copyOf(encrypted, 24);
      try (AesCmac cmac = new AesCmac(keys, ScpSession.KEY_LENGTH)) {
        System.arraycopy(cmac.mac(message), 0, data, 16, 8);
      }
      ScpSession element = new ScpSession(keys, 0, receipt);
      try {
        element.unprotect(CommandApdu.of(0x04, 0x20, 0, 0x81, data, 0));
      } catch (SignatureException e) {
        assertThat(e).hasMessageContaining("padding");
        assertThat(element.isOpen()).isFalse();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(60);
  }

  @Test
  void theFormOfTheLengthFieldIsCovered() throws Exception {
    CommandApdu sent =
        ScpTrace.host()
            .protect(
                CommandApdu.parse(ScpTrace.RIGHT_PIN.command().toByteArray()),
                TransportLimits.EXTENDED);
    byte[] wire = sent.encode();
    byte[] extended = new byte[wire.length + 3];
    System.arraycopy(wire, 0, extended, 0, 4);
    System.arraycopy(wire, 4, extended, 6, wire.length - 5);
    ScpSession element = ScpTrace.accept().session();
    assertThatThrownBy(() -> element.unprotect(CommandApdu.parse(extended)))
        .isInstanceOf(SignatureException.class);
  }

  @Test
  void aChangeOfAnyByteOfAnAnswerIsRefused() throws Exception {
    for (ScpTrace.Message message : List.of(ScpTrace.RIGHT_PIN, ScpTrace.STATUS)) {
      Pair first = Pair.opened();
      CommandApdu clear = CommandApdu.parse(message.command().toByteArray());
      first.element.unprotect(first.host.protect(clear, TransportLimits.EXTENDED));
      ResponseApdu answer = ResponseApdu.parse(message.answer().toByteArray());
      byte[] wire = first.element.protectResponse(answer).encode();
      for (int bit = 0; bit < 8 * wire.length; bit++) {
        byte[] changed = wire.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        ScpSession host = ScpTrace.host();
        host.protect(clear, TransportLimits.EXTENDED);
        assertThatThrownBy(() -> host.open(ResponseApdu.parse(changed)))
            .isInstanceOf(SignatureException.class);
        assertThat(host.isOpen()).isFalse();
        assertThatThrownBy(() -> host.protect(clear, TransportLimits.EXTENDED))
            .isInstanceOf(IllegalStateException.class);
      }
      for (int length = 0; length < wire.length - 2; length++) {
        ResponseApdu cut = ResponseApdu.of(Arrays.copyOf(wire, length), answer.status());
        ScpSession host = ScpTrace.host();
        host.protect(clear, TransportLimits.EXTENDED);
        assertThatThrownBy(() -> host.open(cut)).isInstanceOf(SignatureException.class);
      }
    }
  }

  @Test
  void messagesOutOfOrderAreRefused() throws Exception {
    Pair pair = Pair.opened();
    CommandApdu clear = CommandApdu.of(0, 0xCA, 1, 1, 12);
    CommandApdu first = pair.host.protect(clear, TransportLimits.EXTENDED);
    pair.element.unprotect(first);
    ResponseApdu answer = pair.element.protectResponse(ResponseApdu.of(StatusWord.SUCCESS));
    pair.host.open(answer);
    // An answer of before for a command of now.
    pair.host.protect(clear, TransportLimits.EXTENDED);
    assertThatThrownBy(() -> pair.host.open(answer)).isInstanceOf(SignatureException.class);
    // A command of before once more.
    assertThatThrownBy(() -> pair.element.unprotect(first)).isInstanceOf(SignatureException.class);
    assertThatThrownBy(() -> pair.element.unprotect(first))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pair.element.protectResponse(answer))
        .isInstanceOf(IllegalStateException.class);
    // A command of a later turn first.
    Pair other = Pair.opened();
    other.host.protect(clear, TransportLimits.EXTENDED);
    CommandApdu second = other.host.protect(clear, TransportLimits.EXTENDED);
    assertThatThrownBy(() -> other.element.unprotect(second))
        .isInstanceOf(SignatureException.class);
  }

  @Test
  void aChangeOfAnyByteOfTheOpeningIsRefused() throws Exception {
    byte[] command = Scp11b.start(ScpTrace.HOST).command().data();
    for (int bit = 0; bit < 8 * command.length; bit++) {
      byte[] changed = command.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> Scp11b.accept(changed, ScpTrace.CHANNEL, ScpTrace.ELEMENT))
          .isInstanceOf(IllegalArgumentException.class);
    }
    byte[] answer = ScpTrace.OPENED.toByteArray();
    Scp11b opening = Scp11b.start(ScpTrace.HOST);
    for (int bit = 0; bit < 8 * answer.length; bit++) {
      byte[] changed = answer.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> opening.finish(changed, ScpTrace.CHANNEL.publicKey()))
          .isInstanceOfAny(IllegalArgumentException.class, SignatureException.class);
    }
    for (int length = 0; length < answer.length; length++) {
      byte[] cut = Arrays.copyOf(answer, length);
      assertThatThrownBy(() -> opening.finish(cut, ScpTrace.CHANNEL.publicKey()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anotherElementsKeyAndAnotherHostsAnswerAreRefused() throws Exception {
    ChannelKeyPair other = ChannelKeyPair.generate(new SecureRandom());
    byte[] answer = ScpTrace.OPENED.toByteArray();
    assertThatThrownBy(() -> Scp11b.start(ScpTrace.HOST).finish(answer, other.publicKey()))
        .isInstanceOf(SignatureException.class);
    assertThatThrownBy(
            () -> Scp11b.start(new SecureRandom()).finish(answer, ScpTrace.CHANNEL.publicKey()))
        .isInstanceOf(SignatureException.class);
  }

  @Test
  void whatCannotBeProtectedIsRefusedBeforeAnythingMoves() throws Exception {
    Pair pair = Pair.opened();
    for (int cla : new int[] {0x01, 0x04, 0x08, 0x10, 0x40, 0x84, 0xC0}) {
      assertThatThrownBy(
              () -> pair.host.protect(CommandApdu.of(cla, 0xCA, 1, 1, 0), TransportLimits.SHORT))
          .isInstanceOf(IllegalArgumentException.class);
    }
    CommandApdu longest = CommandApdu.of(0, 0xCA, 1, 1, new byte[65_520], 0);
    assertThatThrownBy(() -> pair.host.protect(longest, TransportLimits.SHORT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pair.element.unprotect(CommandApdu.of(0, 0xCA, 1, 1, 0)))
        .isInstanceOf(IllegalArgumentException.class);
    exchange(pair);
    pair.host.close();
    assertThat(pair.host.isOpen()).isFalse();
    assertThat(pair.host).hasToString("ScpSession[over, 1 commands]");
  }

  private static void exchange(Pair pair) throws Exception {
    CommandApdu sent =
        pair.host.protect(CommandApdu.of(0, 0xCA, 1, 1, 12), TransportLimits.EXTENDED);
    pair.element.unprotect(sent);
    ResponseApdu answer =
        pair.element.protectResponse(ResponseApdu.of(new byte[12], StatusWord.SUCCESS));
    assertThat(pair.host.open(answer).data()).hasSize(12);
  }
}
