// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.transport.TransportLimits;
import dev.strongroom.transport.fuzz.Fields;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/**
 * Openings of a secure channel and the messages in it, on both sides: arbitrary bytes, and
 * arbitrary ciphertext under a right MAC. What is not refused is what was sent.
 */
@Tag("fuzz")
public class SecureMessagesFuzzTest {

  private enum Message {
    /** INTERNAL AUTHENTICATE, at the element. */
    OPENING {
      @Override
      void read(byte[] bytes) {
        Scp11b.Acceptance acceptance = Scp11b.accept(bytes, CHANNEL, ELEMENT);
        assertThat(acceptance.session().isOpen()).isTrue();
      }
    },
    /** Its answer, at the host. */
    OPENED {
      @Override
      void read(byte[] bytes) throws SignatureException {
        Scp11b.start(HOST).finish(bytes, CHANNEL.publicKey());
        assertThat(bytes).isEqualTo(OPENED_ANSWER);
      }
    },
    /** A protected command, at the element. */
    COMMAND {
      @Override
      void read(byte[] bytes) throws SignatureException {
        CommandApdu command = CommandApdu.parse(bytes);
        ScpSession element = session();
        CommandApdu clear = element.unprotect(command);
        // Le is not covered, but decides on the form, which is.
        int expected = command.isExtended() ? CommandApdu.MAX_EXTENDED_RESPONSE : 0;
        CommandApdu same =
            CommandApdu.of(
                clear.cla(), clear.ins(), clear.p1(), clear.p2(), clear.data(), expected);
        CommandApdu again = session().protect(same, TransportLimits.EXTENDED);
        assertThat(again.data()).isEqualTo(command.data());
      }
    },
    /** A protected answer, at the host. */
    ANSWER {
      @Override
      void read(byte[] bytes) throws SignatureException {
        ResponseApdu answer = ResponseApdu.parse(bytes);
        assertOpened(answer);
      }
    },
    /** An answer whose ciphertext is arbitrary and whose MAC is right. */
    ANSWER_UNDER_MAC {
      @Override
      void read(byte[] bytes) throws SignatureException {
        ByteBuffer message = AesCmac.message(RECEIPT.length + bytes.length + 2);
        message.put(RECEIPT_AFTER_COMMAND).put(bytes).putShort((short) 0x9000);
        byte[] mac;
        try (AesCmac cmac = new AesCmac(KEYS, 2 * ScpSession.KEY_LENGTH)) {
          mac = cmac.mac(message);
        }
        byte[] data = Arrays.copyOf(bytes, bytes.length + 8);
        System.arraycopy(mac, 0, data, bytes.length, 8);
        assertOpened(ResponseApdu.of(data, StatusWord.SUCCESS));
      }
    };

    abstract void read(byte[] bytes) throws SignatureException;
  }

  private static final ChannelKeyPair HOST = ChannelKeyPair.of(BigInteger.valueOf(1001));
  private static final ChannelKeyPair ELEMENT = ChannelKeyPair.of(BigInteger.valueOf(1002));
  private static final ChannelKeyPair CHANNEL = ChannelKeyPair.of(BigInteger.valueOf(1003));
  private static final byte[] OPENED_ANSWER =
      Scp11b.accept(Scp11b.start(HOST).command().data(), CHANNEL, ELEMENT).answer().toByteArray();
  private static final byte[] KEYS = new byte[ScpSession.KEYS_LENGTH];
  private static final byte[] RECEIPT = new byte[AesCmac.LENGTH];
  private static final byte[] RECEIPT_AFTER_COMMAND = chainingValue();

  private static ScpSession session() {
    return new ScpSession(KEYS, 0, RECEIPT);
  }

  private static CommandApdu status() {
    return CommandApdu.of(0x00, 0xCA, 1, 1, 12);
  }

  /** The chaining value after {@link #status()}. */
  private static byte[] chainingValue() {
    ByteBuffer message = AesCmac.message(RECEIPT.length + 5);
    message.put(RECEIPT).put(new byte[] {0x04, (byte) 0xCA, 1, 1, 8});
    try (AesCmac cmac = new AesCmac(KEYS, ScpSession.KEY_LENGTH)) {
      return cmac.mac(message);
    }
  }

  /** What a host opens is what an element protects. */
  private static void assertOpened(ResponseApdu answer) throws SignatureException {
    ScpSession host = session();
    host.protect(status(), TransportLimits.EXTENDED);
    ResponseApdu clear = host.open(answer);
    ScpSession element = session();
    element.unprotect(session().protect(status(), TransportLimits.EXTENDED));
    ResponseApdu again = element.protectResponse(clear);
    if (clear.dataLength() > 0 || answer.dataLength() <= 8) {
      assertThat(again.encode()).isEqualTo(answer.encode());
    }
  }

  @FuzzTest(maxDuration = "10m")
  void secureMessages(byte[] input) {
    accepts(input);
  }

  /** Whether the message is taken; anything but a refusal fails. */
  public static boolean accepts(byte[] input) {
    Fields fields = new Fields(input);
    Message message = fields.choice(Message.values());
    try {
      message.read(fields.rest());
      return true;
    } catch (IllegalArgumentException | SignatureException e) {
      return false;
    }
  }

  /** A message of each kind. */
  public static Map<String, byte[]> seeds() throws SignatureException {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    add(seeds, "opening", Message.OPENING, Scp11b.start(HOST).command().data());
    add(seeds, "opened", Message.OPENED, OPENED_ANSWER);
    CommandApdu verify = CommandApdu.of(0, 0x20, 0, 0x81, new byte[] {1, 2, 3, 4}, 0);
    add(seeds, "command", Message.COMMAND, protectedBytes(verify));
    add(seeds, "command-no-data", Message.COMMAND, protectedBytes(status()));
    CommandApdu random = CommandApdu.of(0, 0x84, 0, 0, new byte[] {0x1C, 0}, 7168);
    add(seeds, "command-extended", Message.COMMAND, protectedBytes(random));
    for (int length : new int[] {0, 12, 16}) {
      ScpSession element = session();
      element.unprotect(session().protect(status(), TransportLimits.EXTENDED));
      ResponseApdu answer =
          element.protectResponse(ResponseApdu.of(new byte[length], StatusWord.SUCCESS));
      add(seeds, "answer-" + length, Message.ANSWER, answer.encode());
      byte[] encrypted = Arrays.copyOf(answer.data(), answer.dataLength() - 8);
      add(seeds, "under-mac-" + length, Message.ANSWER_UNDER_MAC, encrypted);
    }
    add(seeds, "refusal", Message.ANSWER, Bytes.parse("6982").toByteArray());
    return seeds;
  }

  private static byte[] protectedBytes(CommandApdu command) {
    return session().protect(command, TransportLimits.EXTENDED).encode();
  }

  private static void add(Map<String, byte[]> seeds, String name, Message message, byte[] content) {
    seeds.put(name, Fields.tagged(message, content));
  }
}
