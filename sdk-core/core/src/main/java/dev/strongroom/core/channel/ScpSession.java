// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SignatureException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One secure channel while it is open: SCP03 secure messaging with C-MAC, C-DEC, R-MAC and R-ENC,
 * MACs of 8 bytes (GPC_SPE_014, 6.2; section 5.3 of {@code docs/spec/element-protocol.md}).
 *
 * <p>A host calls {@link #protect} and then {@link #open} for each command, an element {@link
 * #unprotect} and then {@link #protectResponse}. Protecting and unprotecting move the counter and
 * the MAC chaining value on, so a protected command that got lost cannot be protected again: either
 * the same bytes reach the element, or the channel is over. What fails ends the channel at once and
 * zeroes its keys.
 *
 * <p>Thread safety: confined.
 */
public final class ScpSession implements AutoCloseable {

  /** Bit of the class byte that says that a command is protected; logical channels 0 to 3. */
  public static final int CLA_PROTECTED = 0x04;

  /** Most bytes that protection adds to a command's data or an answer's: padding and MAC. */
  public static final int MAX_OVERHEAD = 24;

  /** Length of a session key in bytes. */
  static final int KEY_LENGTH = 16;

  /** Length of S-ENC, S-MAC and S-RMAC together in bytes. */
  static final int KEYS_LENGTH = 3 * KEY_LENGTH;

  private static final int BLOCK = 16;
  private static final int MAC_LENGTH = 8;
  private static final int CLA_PROPRIETARY = 0x80;
  private static final int PADDING = 0x80;
  private static final int COUNTER_OFFSET = BLOCK - Integer.BYTES;
  private static final byte COMMAND = 0x00;
  private static final byte RESPONSE = (byte) 0x80;

  private final Bytes receipt;
  private final byte[] encryptionKey;
  private final AesCmac commandMac;
  private final AesCmac responseMac;
  private final Cipher ivCipher;
  private final Cipher cipher;
  private final byte[] chainingValue;
  private int counter;
  private boolean open = true;

  /**
   * Begins.
   *
   * @param keys S-ENC, S-MAC, S-RMAC, 16 bytes each; copied
   * @param offset where they begin
   * @param receipt the first MAC chaining value, 16 bytes
   */
  ScpSession(byte[] keys, int offset, byte[] receipt) {
    this.receipt = Bytes.copyOf(receipt);
    this.chainingValue = receipt.clone();
    this.encryptionKey = Arrays.copyOfRange(keys, offset, offset + KEY_LENGTH);
    this.commandMac = new AesCmac(keys, offset + KEY_LENGTH);
    this.responseMac = new AesCmac(keys, offset + 2 * KEY_LENGTH);
    try {
      ivCipher = Cipher.getInstance("AES/ECB/NoPadding");
      ivCipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(encryptionKey, "AES"));
      cipher = Cipher.getInstance("AES/CBC/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES", e);
    }
  }

  /**
   * What both sides agreed on when the channel was opened; no secret.
   *
   * @return the receipt, 16 bytes
   */
  public Bytes receipt() {
    return receipt;
  }

  /**
   * Whether another command can be protected.
   *
   * @return false after {@link #close()}, after anything wrong in a message, and after 2^31 - 1
   *     commands
   */
  public boolean isOpen() {
    return open && counter != Integer.MAX_VALUE;
  }

  /**
   * Host: encrypts a command and authenticates it.
   *
   * <p>The MAC covers the length field in the form in which it goes over the wire. So a command
   * whose answer is too long for the transport has a short Ne, and its answer comes in parts.
   *
   * @param command the clear command on logical channel 0, not chained; the caller closes it
   * @param limits what the transport below takes in one piece
   * @return the protected command, to be sent as it stands or cut into a chain; its Ne is the
   *     length of the protected answer, or 256
   * @throws IllegalArgumentException if the class byte is neither 00 nor 80, or protection makes
   *     the data longer than 65535 bytes
   * @throws IllegalStateException if the channel is over
   */
  public CommandApdu protect(CommandApdu command, TransportLimits limits) {
    if ((command.cla() & ~CLA_PROPRIETARY) != 0) {
      throw new IllegalArgumentException(
          String.format("a command of class %02X cannot be protected", command.cla()));
    }
    if (protectedLength(command.dataLength()) > CommandApdu.MAX_EXTENDED_DATA) {
      throw new IllegalArgumentException(
          command.dataLength() + " bytes of data are too long for a protected command");
    }
    next();
    int cla = command.cla() | CLA_PROTECTED;
    int expected = Math.min(protectedLength(command.expected()), CommandApdu.MAX_EXTENDED_RESPONSE);
    byte[] clear = command.data();
    byte[] data = encrypt(clear, COMMAND);
    Arrays.fill(clear, (byte) 0);
    CommandApdu sent = with(command, cla, data, expected);
    if (data.length <= CommandApdu.MAX_SHORT_DATA && !limits.takes(sent)) {
      sent = with(command, cla, data, CommandApdu.MAX_SHORT_RESPONSE);
    }
    System.arraycopy(commandMac(sent, data), 0, data, data.length - MAC_LENGTH, MAC_LENGTH);
    return with(sent, cla, data, sent.expected());
  }

  /**
   * Host: checks an answer and decrypts it.
   *
   * <p>An answer with another status word than 9000, 62xx and 63xx has no MAC: anybody on the way
   * can have made it.
   *
   * @param answer the whole answer, put together from its parts; the caller closes it
   * @return the clear answer
   * @throws SignatureException if the MAC or the padding is wrong or missing, or an answer without
   *     MAC has data; the channel is over
   * @throws IllegalStateException if the channel is over
   */
  public ResponseApdu open(ResponseApdu answer) throws SignatureException {
    requireOpen();
    StatusWord status = answer.status();
    byte[] data = answer.data();
    if (!carriesMac(status)) {
      if (data.length != 0) {
        throw over("an answer with status word " + status + " has data without a MAC");
      }
      return ResponseApdu.of(status);
    }
    requirePlaceForMac(data);
    if (!endsWith(data, responseMac(data, status))) {
      throw over("the MAC of an answer is wrong");
    }
    byte[] clear = decrypt(data, RESPONSE);
    try {
      return ResponseApdu.of(clear, status);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  /**
   * Element: checks a command and decrypts it.
   *
   * @param command the whole command, put together from its chain, of class 04 or 84; the caller
   *     closes it
   * @return the clear command, of class 00 or 80; Ne is the protected answer's
   * @throws IllegalArgumentException if the class byte says something else
   * @throws SignatureException if the MAC or the padding is wrong or missing; the channel is over
   * @throws IllegalStateException if the channel is over
   */
  public CommandApdu unprotect(CommandApdu command) throws SignatureException {
    if ((command.cla() & ~CLA_PROPRIETARY) != CLA_PROTECTED) {
      throw new IllegalArgumentException(
          String.format("a command of class %02X is not protected", command.cla()));
    }
    next();
    byte[] data = command.data();
    requirePlaceForMac(data);
    if (!endsWith(data, commandMac(command, data))) {
      throw over("the MAC of a command is wrong");
    }
    byte[] clear = decrypt(data, COMMAND);
    try {
      return with(command, command.cla() & ~CLA_PROTECTED, clear, command.expected());
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  /**
   * Element: encrypts an answer and authenticates it; an error's answer is its status word alone.
   *
   * @param answer the clear answer; the caller closes it
   * @return the protected answer, to be sent whole or in parts
   * @throws IllegalStateException if the channel is over
   */
  public ResponseApdu protectResponse(ResponseApdu answer) {
    requireOpen();
    StatusWord status = answer.status();
    if (!carriesMac(status)) {
      return ResponseApdu.of(status);
    }
    byte[] clear = answer.data();
    byte[] data = encrypt(clear, RESPONSE);
    Arrays.fill(clear, (byte) 0);
    System.arraycopy(responseMac(data, status), 0, data, data.length - MAC_LENGTH, MAC_LENGTH);
    return ResponseApdu.of(data, status);
  }

  /** Ends the channel and zeroes its keys. Idempotent. */
  @Override
  public void close() {
    open = false;
    Arrays.fill(encryptionKey, (byte) 0);
    Arrays.fill(chainingValue, (byte) 0);
    commandMac.close();
    responseMac.close();
  }

  @Override
  public String toString() {
    return "ScpSession[" + (open ? "open, " : "over, ") + counter + " commands]";
  }

  /** The MAC of a command, which is the next chaining value; the data end with a MAC's place. */
  private byte[] commandMac(CommandApdu command, byte[] data) {
    ByteBuffer message =
        AesCmac.message(BLOCK + (command.isExtended() ? 7 : 5) + data.length - MAC_LENGTH);
    message.put(chainingValue);
    message.put((byte) command.cla()).put((byte) command.ins());
    message.put((byte) command.p1()).put((byte) command.p2());
    if (command.isExtended()) {
      message.put((byte) 0).putShort((short) data.length);
    } else {
      message.put((byte) data.length);
    }
    message.put(data, 0, data.length - MAC_LENGTH);
    byte[] mac = commandMac.mac(message);
    System.arraycopy(mac, 0, chainingValue, 0, chainingValue.length);
    return mac;
  }

  private byte[] responseMac(byte[] data, StatusWord status) {
    ByteBuffer message = AesCmac.message(BLOCK + data.length - MAC_LENGTH + 2);
    message.put(chainingValue).put(data, 0, data.length - MAC_LENGTH);
    message.putShort((short) status.value());
    return responseMac.mac(message);
  }

  /** Encrypted data with place for a MAC at the end. */
  private byte[] encrypt(byte[] clear, byte direction) {
    byte[] data = Arrays.copyOf(clear, protectedLength(clear.length));
    if (clear.length > 0) {
      data[clear.length] = (byte) PADDING;
      crypt(Cipher.ENCRYPT_MODE, direction, data);
    }
    return data;
  }

  /** Clear data, without padding and MAC, which the caller zeroes. */
  private byte[] decrypt(byte[] data, byte direction) throws SignatureException {
    if (data.length == MAC_LENGTH) {
      return new byte[0];
    }
    crypt(Cipher.DECRYPT_MODE, direction, data);
    int end = data.length - MAC_LENGTH - 1;
    while (end > 0 && data[end] == 0) {
      end--;
    }
    boolean padded = data[end] == (byte) PADDING && data.length - MAC_LENGTH - end <= BLOCK;
    byte[] clear = Arrays.copyOf(data, end);
    Arrays.fill(data, (byte) 0);
    if (!padded) {
      Arrays.fill(clear, (byte) 0);
      throw over("the padding under a right MAC is wrong");
    }
    return clear;
  }

  /** Works in place on all but the MAC. */
  private void crypt(int mode, byte direction, byte[] data) {
    byte[] block = new byte[BLOCK];
    block[0] = direction;
    ByteBuffer.wrap(block).putInt(COUNTER_OFFSET, counter);
    int length = data.length - MAC_LENGTH;
    try {
      IvParameterSpec iv = new IvParameterSpec(ivCipher.doFinal(block));
      cipher.init(mode, new SecretKeySpec(encryptionKey, "AES"), iv);
      cipher.doFinal(data, 0, length, data, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-CBC takes whole blocks", e);
    }
  }

  /** Begins the next exchange; the last one there is may still be finished. */
  private void next() {
    if (!isOpen()) {
      throw new IllegalStateException("the secure channel is over");
    }
    counter++;
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the secure channel is over");
    }
  }

  private void requirePlaceForMac(byte[] data) throws SignatureException {
    if (data.length < MAC_LENGTH || data.length % BLOCK != MAC_LENGTH) {
      throw over(data.length + " bytes are not whole blocks and a MAC");
    }
  }

  private SignatureException over(String why) {
    close();
    return new SignatureException(why + "; the secure channel is over");
  }

  private static boolean endsWith(byte[] data, byte[] mac) {
    return MessageDigest.isEqual(
        Arrays.copyOfRange(data, data.length - MAC_LENGTH, data.length),
        Arrays.copyOf(mac, MAC_LENGTH));
  }

  private static boolean carriesMac(StatusWord status) {
    return status.isSuccess() || status.sw1() == 0x62 || status.sw1() == 0x63;
  }

  /** The length of data under protection: none has no block. */
  private static int protectedLength(int length) {
    return (length == 0 ? 0 : (length / BLOCK + 1) * BLOCK) + MAC_LENGTH;
  }

  private static CommandApdu with(CommandApdu command, int cla, byte[] data, int expected) {
    return CommandApdu.of(cla, command.ins(), command.p1(), command.p2(), data, expected);
  }
}
