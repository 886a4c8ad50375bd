// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.StatusWordTable;
import dev.strongroom.core.transport.TransportException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The element application as a card shows it: command APDUs in, response APDUs out, one channel.
 *
 * <p>Short and extended length, command chaining and GET RESPONSE.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link SimulatedElement}.
 */
final class ApduDispatcher {

  private static final int MAX_COMMAND_DATA = ElementProtocol.MAX_RANDOM;
  private static final int CLA_SECURE_MESSAGING = 0x0C;
  private static final int CLA_CHANNEL = 0x03;
  private static final byte[] NOTHING = {};

  private final ElementChannel channel;
  private final ApduCommands commands;
  private byte[] chained = NOTHING;
  private @Nullable CommandApdu chainHead;
  private byte[] pending = NOTHING;

  ApduDispatcher(ElementChannel channel) {
    this.channel = channel;
    this.commands = new ApduCommands(channel);
  }

  /** Executes a command; what breaks the link instead of being answered is thrown. */
  byte[] transmit(byte[] wire) throws TransportException {
    CommandApdu command;
    try {
      command = CommandApdu.parse(wire);
    } catch (IllegalArgumentException e) {
      return ResponseApdu.of(StatusWord.WRONG_LENGTH).encode();
    }
    try (command) {
      return respond(command);
    } catch (Refusal refusal) {
      return ResponseApdu.of(refusal.status()).encode();
    } catch (TransportException e) {
      throw e;
    } catch (StrongroomException e) {
      return ResponseApdu.of(StatusWordTable.status(e)).encode();
    }
  }

  /** Zeroes what is half received or half sent. */
  void reset() {
    forgetChain();
    Arrays.fill(pending, (byte) 0);
    pending = NOTHING;
    commands.deselect();
    channel.drop();
  }

  private byte[] respond(CommandApdu command) throws Refusal, StrongroomException {
    checkClass(command);
    if (command.ins() == ElementProtocol.INS_GET_RESPONSE
        && (command.cla() & ElementProtocol.CLA_PROPRIETARY) == 0) {
      if (pending.length == 0) {
        throw new Refusal(StatusWord.CONDITIONS_NOT_SATISFIED);
      }
      return send(command.expected());
    }
    Arrays.fill(pending, (byte) 0);
    pending = NOTHING;
    collect(command);
    if ((command.cla() & ElementProtocol.CLA_CHAINING) != 0) {
      return ResponseApdu.of(StatusWord.SUCCESS).encode();
    }
    byte[] data = chained;
    chained = NOTHING;
    forgetChain();
    try {
      pending = commands.execute(command, data);
    } finally {
      Arrays.fill(data, (byte) 0);
    }
    return send(command.expected());
  }

  private static void checkClass(CommandApdu command) throws Refusal {
    int cla = command.cla() & ~(ElementProtocol.CLA_CHAINING | ElementProtocol.CLA_PROPRIETARY);
    if ((cla & CLA_SECURE_MESSAGING) != 0 && (cla & ~0x0F) == 0) {
      throw new Refusal(StatusWord.SECURE_MESSAGING_NOT_SUPPORTED);
    }
    if ((cla & CLA_CHANNEL) != 0 && (cla & ~0x0F) == 0) {
      throw new Refusal(StatusWord.CHANNEL_NOT_SUPPORTED);
    }
    if (cla != 0) {
      throw new Refusal(StatusWord.CLA_NOT_SUPPORTED);
    }
  }

  private void collect(CommandApdu command) throws Refusal {
    CommandApdu head = chainHead;
    if (head != null
        && (head.ins() != command.ins()
            || head.p1() != command.p1()
            || head.p2() != command.p2())) {
      forgetChain();
      throw new Refusal(StatusWord.LAST_OF_CHAIN_EXPECTED);
    }
    if (chained.length + command.dataLength() > MAX_COMMAND_DATA) {
      forgetChain();
      throw new Refusal(StatusWord.WRONG_LENGTH);
    }
    byte[] part = command.data();
    byte[] longer = Arrays.copyOf(chained, chained.length + part.length);
    System.arraycopy(part, 0, longer, chained.length, part.length);
    Arrays.fill(part, (byte) 0);
    Arrays.fill(chained, (byte) 0);
    chained = longer;
    if (head == null) {
      chainHead = CommandApdu.of(command.cla(), command.ins(), command.p1(), command.p2(), 0);
    }
  }

  private void forgetChain() {
    Arrays.fill(chained, (byte) 0);
    chained = NOTHING;
    chainHead = null;
  }

  private byte[] send(int expected) {
    int length = Math.min(expected, pending.length);
    int rest = pending.length - length;
    byte[] part = Arrays.copyOf(pending, length);
    byte[] later = Arrays.copyOfRange(pending, length, pending.length);
    Arrays.fill(pending, (byte) 0);
    pending = later;
    StatusWord status = rest == 0 ? StatusWord.SUCCESS : StatusWord.moreData(rest);
    try (ResponseApdu response = ResponseApdu.of(part, status)) {
      return response.encode();
    } finally {
      Arrays.fill(part, (byte) 0);
    }
  }
}
