// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.channel.ScpSession;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.StatusWordTable;
import dev.strongroom.core.identity.AttestationStatement;
import dev.strongroom.core.transport.TransportException;
import java.security.SignatureException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One logical channel of the card: its chain, its answer half fetched, its selection and login, its
 * secure channel.
 *
 * <p>Thread safety: confined, as its dispatcher.
 */
final class LogicalChannel {

  private static final byte[] NOTHING = {};

  /** Of no secure channel. */
  private static final Bytes NO_RECEIPT =
      Bytes.copyOf(new byte[AttestationStatement.RECEIPT_LENGTH]);

  private final int number;
  private final ChannelTable table;
  private final ElementChannel channel;
  private final ApduCommands commands;
  private final CommandChain chain = new CommandChain();
  private final PendingAnswer pending = new PendingAnswer();
  private @Nullable ScpSession session;
  private @Nullable ScpSession opened;
  private @Nullable Object loginOfSession;

  LogicalChannel(int number, ChannelTable table, ElementChannel channel) {
    this.number = number;
    this.table = table;
    this.channel = channel;
    this.commands = new ApduCommands(channel);
  }

  /** Takes a command for this channel, or a part of one. */
  ResponseApdu receive(ClassByte cla, CommandApdu link) throws Refusal, TransportException {
    if (link.ins() == ElementProtocol.INS_GET_RESPONSE && cla.joined() == 0) {
      Refusal.unless(!pending.isEmpty(), StatusWord.CONDITIONS_NOT_SATISFIED);
      return pending.next(link.expected());
    }
    pending.forget();
    CommandApdu whole = chain.add(cla, link);
    if (whole == null) {
      return ResponseApdu.of(StatusWord.SUCCESS);
    }
    try (whole) {
      pending.replace(cla.secured() ? performSecured(whole) : performClear(whole));
      return pending.next(whole.expected());
    }
  }

  /** Forgets everything; the channel cannot be used any more. */
  void close() {
    endSession();
    chain.forget();
    pending.forget();
    commands.close();
    channel.drop();
  }

  private ResponseApdu performClear(CommandApdu clear) throws TransportException {
    ResponseApdu answer = perform(clear, NO_RECEIPT);
    if (answer.status().isSuccess()) {
      executed(clear);
    }
    return answer;
  }

  private ResponseApdu performSecured(CommandApdu secured) throws TransportException {
    ScpSession open = session;
    if (open == null || !open.isOpen()) {
      return secureChannelOver();
    }
    Object login = channel.login();
    try (CommandApdu clear = open.unprotect(secured);
        ResponseApdu answer = perform(clear, open.receipt())) {
      // What ends the secure channel is still answered in it.
      ResponseApdu protectedAnswer = open.protectResponse(answer);
      if (answer.status().isSuccess()) {
        executed(clear);
      }
      return protectedAnswer;
    } catch (SignatureException e) {
      return secureChannelOver();
    } finally {
      if (channel.login() != login) {
        loginOfSession = channel.login();
      }
    }
  }

  private ResponseApdu secureChannelOver() {
    endSession();
    return ResponseApdu.of(StatusWord.SECURE_MESSAGING_WRONG);
  }

  /** Executes a whole, clear command. */
  private ResponseApdu perform(CommandApdu command, Bytes receipt) throws TransportException {
    byte[] data = command.data();
    byte[] answer = NOTHING;
    try {
      answer = execute(command, data, receipt);
      return ResponseApdu.of(answer, StatusWord.SUCCESS);
    } catch (Refusal refusal) {
      return ResponseApdu.of(refusal.status());
    } catch (TransportException e) {
      throw e;
    } catch (StrongroomException e) {
      return ResponseApdu.of(StatusWordTable.status(e));
    } finally {
      Arrays.fill(data, (byte) 0);
      Arrays.fill(answer, (byte) 0);
    }
  }

  private byte[] execute(CommandApdu command, byte[] data, Bytes receipt)
      throws Refusal, StrongroomException {
    if (isManageChannel(command)) {
      return table.manage(number, command);
    }
    if (isInternalAuthenticate(command)) {
      return authenticate(command, data);
    }
    return commands.execute(command, data, receipt);
  }

  private byte[] authenticate(CommandApdu command, byte[] data)
      throws Refusal, StrongroomException {
    commands.requireSelected();
    Refusal.unless(
        command.p1() == Scp11b.KEY_VERSION && command.p2() == Scp11b.KEY_ID,
        StatusWord.WRONG_P1_P2);
    try {
      Scp11b.Acceptance acceptance = channel.authenticate(data);
      opened = acceptance.session();
      return acceptance.answer().toByteArray();
    } catch (IllegalArgumentException e) {
      throw new Refusal(StatusWord.WRONG_DATA);
    }
  }

  /** What a command that was executed means for the secure channel and for this channel. */
  private void executed(CommandApdu command) {
    if (isInternalAuthenticate(command)) {
      endSession();
      session = opened;
      opened = null;
    } else if (isSelect(command)) {
      endSession();
    } else if (isManageChannel(command)) {
      table.sweep();
    }
  }

  /** Ends the secure channel, and the login that was made in it. */
  private void endSession() {
    ScpSession ended = session;
    session = null;
    if (ended != null) {
      ended.close();
    }
    if (loginOfSession != null && channel.login() == loginOfSession) {
      channel.endLogin();
    }
    loginOfSession = null;
  }

  private static boolean isSelect(CommandApdu command) {
    return command.cla() == ElementProtocol.CLA_ISO && command.ins() == ElementProtocol.INS_SELECT;
  }

  private static boolean isManageChannel(CommandApdu command) {
    return command.cla() == ElementProtocol.CLA_ISO
        && command.ins() == ElementProtocol.INS_MANAGE_CHANNEL;
  }

  private static boolean isInternalAuthenticate(CommandApdu command) {
    return command.cla() == ElementProtocol.CLA_PROPRIETARY && command.ins() == Scp11b.INS;
  }
}
