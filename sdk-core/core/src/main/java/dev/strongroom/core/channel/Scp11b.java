// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.SignatureException;
import java.util.Arrays;

/**
 * Opening a secure channel by SCP11b (GPC_SPE_093, 6.5 and 7.6; section 5.2 of {@code
 * docs/spec/element-protocol.md}): the element proves its channel key, the host stays anonymous.
 *
 * <p>An object of this class is the host's side between its question and the element's answer:
 *
 * <pre>{@code
 * Scp11b opening = Scp11b.start(random);
 * byte[] answer = send(opening.command());
 * ScpSession session = opening.finish(answer, pinnedKey);
 * }</pre>
 *
 * <p>The element's side is one step, {@link #accept}.
 *
 * <p>Thread safety: immutable.
 */
public final class Scp11b {

  /** INTERNAL AUTHENTICATE. */
  public static final int INS = 0x88;

  /** P1 of the command: the key's version number. */
  public static final int KEY_VERSION = 0x01;

  /** P2 of the command: the key's identifier, which says SCP11b. */
  public static final int KEY_ID = 0x13;

  private static final int CLA = 0x80;

  /** Scp11b without parameters; C-MAC, C-DEC, R-MAC, R-ENC; AES, 16 bytes; and the point's head. */
  private static final byte[] COMMAND_HEAD =
      Bytes.parse("a60d9002110095013c8001888101105f4941").toByteArray();

  private static final byte[] POINT_HEAD = Bytes.parse("5f4941").toByteArray();
  private static final byte[] RECEIPT_HEAD = Bytes.parse("8610").toByteArray();

  /** Key usage, type and length, as in the command. */
  private static final byte[] SHARED_INFO = Bytes.parse("3c8810").toByteArray();

  private static final int COMMAND_LENGTH = COMMAND_HEAD.length + P256.PUBLIC_KEY_LENGTH;
  private static final int POINT_OBJECT_LENGTH = POINT_HEAD.length + P256.PUBLIC_KEY_LENGTH;
  private static final int RECEIPT_OFFSET = POINT_OBJECT_LENGTH + RECEIPT_HEAD.length;
  private static final int ANSWER_LENGTH = RECEIPT_OFFSET + AesCmac.LENGTH;
  private static final int KDF_ROUNDS = 3;
  private static final int HASH_LENGTH = 32;

  /**
   * What an element answers, and the channel that is open with it.
   *
   * <p>Thread safety: confined, as its session.
   *
   * @param answer the data of the answer, 86 bytes
   * @param session the element's side of the channel
   */
  public record Acceptance(Bytes answer, ScpSession session) {}

  private final ChannelKeyPair ephemeral;
  private final byte[] commandData;

  private Scp11b(ChannelKeyPair ephemeral) {
    this.ephemeral = ephemeral;
    this.commandData = Arrays.copyOf(COMMAND_HEAD, COMMAND_LENGTH);
    ephemeral.publicKey().point().copyTo(commandData, COMMAND_HEAD.length);
  }

  /**
   * Host: begins with a key pair for this one channel.
   *
   * @param random the random generator
   * @return the opening
   */
  public static Scp11b start(SecureRandom random) {
    return start(ChannelKeyPair.generate(random));
  }

  static Scp11b start(ChannelKeyPair ephemeral) {
    return new Scp11b(ephemeral);
  }

  /**
   * Host: the command to be sent, INTERNAL AUTHENTICATE, 80 88 01 13, on logical channel 0.
   *
   * @return the command, which the caller closes
   */
  public CommandApdu command() {
    return CommandApdu.of(
        CLA, INS, KEY_VERSION, KEY_ID, commandData, CommandApdu.MAX_SHORT_RESPONSE);
  }

  /**
   * Host: checks that the element has the channel key, and opens the channel.
   *
   * @param answer the data of the element's answer
   * @param key the channel key that the element is expected to have
   * @return the host's side of the channel, which the caller closes
   * @throws IllegalArgumentException if the answer is malformed or its point is not on the curve
   * @throws SignatureException if the receipt is wrong: the element has another channel key, or
   *     somebody on the way has changed a message
   */
  public ScpSession finish(byte[] answer, ChannelKey key) throws SignatureException {
    if (answer.length != ANSWER_LENGTH
        || !isAt(answer, 0, POINT_HEAD)
        || !isAt(answer, POINT_OBJECT_LENGTH, RECEIPT_HEAD)) {
      throw new IllegalArgumentException(
          "the answer to INTERNAL AUTHENTICATE has "
              + answer.length
              + " bytes and not its two data objects of "
              + ANSWER_LENGTH);
    }
    Bytes elementEphemeral = Bytes.copyOf(answer, POINT_HEAD.length, P256.PUBLIC_KEY_LENGTH);
    byte[] receipt = Arrays.copyOfRange(answer, RECEIPT_OFFSET, ANSWER_LENGTH);
    byte[] keys =
        derive(
            P256.agree(ephemeral.pair().privateKey(), elementEphemeral),
            P256.agree(ephemeral.pair().privateKey(), key.point()));
    try {
      if (!MessageDigest.isEqual(receipt, receipt(keys, commandData, answer))) {
        throw new SignatureException("the element has not proved the channel key");
      }
      return new ScpSession(keys, AesCmac.LENGTH, receipt);
    } finally {
      Arrays.fill(keys, (byte) 0);
    }
  }

  /**
   * Element: answers a host and opens the channel.
   *
   * @param commandData the data of INTERNAL AUTHENTICATE
   * @param key the element's channel key
   * @param random the random generator
   * @return the answer and the element's side of the channel
   * @throws IllegalArgumentException if the data are malformed, ask for something else, or the
   *     point is not on the curve
   */
  public static Acceptance accept(byte[] commandData, ChannelKeyPair key, SecureRandom random) {
    return accept(commandData, key, ChannelKeyPair.generate(random));
  }

  static Acceptance accept(byte[] commandData, ChannelKeyPair key, ChannelKeyPair ephemeral) {
    if (commandData.length != COMMAND_LENGTH || !isAt(commandData, 0, COMMAND_HEAD)) {
      throw new IllegalArgumentException("only SCP11b with AES-128, and all of its protection");
    }
    Bytes host = Bytes.copyOf(commandData, COMMAND_HEAD.length, P256.PUBLIC_KEY_LENGTH);
    byte[] answer = Arrays.copyOf(POINT_HEAD, ANSWER_LENGTH);
    ephemeral.publicKey().point().copyTo(answer, POINT_HEAD.length);
    System.arraycopy(RECEIPT_HEAD, 0, answer, POINT_OBJECT_LENGTH, RECEIPT_HEAD.length);
    byte[] keys =
        derive(
            P256.agree(ephemeral.pair().privateKey(), host),
            P256.agree(key.pair().privateKey(), host));
    try {
      byte[] receipt = receipt(keys, commandData, answer);
      System.arraycopy(receipt, 0, answer, RECEIPT_OFFSET, receipt.length);
      return new Acceptance(Bytes.copyOf(answer), new ScpSession(keys, AesCmac.LENGTH, receipt));
    } finally {
      Arrays.fill(keys, (byte) 0);
    }
  }

  /** Receipt key, S-ENC, S-MAC, S-RMAC, two unused; ANSI X9.63 with SHA-256. Zeroes both halves. */
  private static byte[] derive(byte[] ephemeralSecret, byte[] channelSecret) {
    byte[] keys = new byte[KDF_ROUNDS * HASH_LENGTH];
    byte[] counter = new byte[Integer.BYTES];
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int round = 0; round < KDF_ROUNDS; round++) {
        ByteBuffer.wrap(counter).putInt(round + 1);
        digest.update(ephemeralSecret);
        digest.update(channelSecret);
        digest.update(counter);
        byte[] part = digest.digest(SHARED_INFO);
        System.arraycopy(part, 0, keys, round * part.length, part.length);
        Arrays.fill(part, (byte) 0);
      }
      return keys;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    } finally {
      Arrays.fill(ephemeralSecret, (byte) 0);
      Arrays.fill(channelSecret, (byte) 0);
    }
  }

  private static byte[] receipt(byte[] keys, byte[] commandData, byte[] answer) {
    try (AesCmac cmac = new AesCmac(keys, 0)) {
      ByteBuffer message = AesCmac.message(commandData.length + POINT_OBJECT_LENGTH);
      return cmac.mac(message.put(commandData).put(answer, 0, POINT_OBJECT_LENGTH));
    }
  }

  private static boolean isAt(byte[] data, int offset, byte[] part) {
    return Arrays.equals(data, offset, offset + part.length, part, 0, part.length);
  }
}
