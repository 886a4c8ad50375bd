// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.Transport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An element that is reached by APDUs: begins a {@link Conversation} when one is needed, and sends
 * one command at a time.
 *
 * <p>The sessions of a process share the conversation, its logical channel and its secure channel;
 * the element's login ends with the last of them. On a transport that leaves the process the secure
 * channel is open before the first command that needs it.
 *
 * <p>Thread safety: thread-safe; one command at a time under {@code lock}.
 */
final class ApduElement {

  private static final Logger LOG = LoggerFactory.getLogger(ApduElement.class);

  private static final Bytes NO_REFUSAL = Bytes.copyOf(new byte[KeyRefusal.LENGTH]);

  private final Transport transport;
  private final KnownElement known;
  private final Retry retry = new Retry(this::readyFor);
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Conversation conversation; // written under lock

  ApduElement(Transport transport, KnownElement known) {
    this.transport = transport;
    this.known = known;
  }

  ElementCommands openChannel() {
    return new ApduElementCommands(this);
  }

  /** SELECT the first time, GET DATA for the same objects afterwards: selecting again logs out. */
  ElementInfo describe() throws StrongroomException {
    lock.lock();
    try (CommandApdu question = ElementProtocol.getData(ElementProtocol.P2_INFO)) {
      Conversation now = conversation;
      if (now == null || now.hasEnded()) {
        return retry.readyFor(question).info();
      }
      ElementInfo info = ElementProtocol.parseInfo(data(question, Role.USER));
      known.require(info);
      return info;
    } catch (IllegalArgumentException e) {
      throw new FrameException("the application's description is malformed", e);
    } finally {
      lock.unlock();
    }
  }

  /** The certificate of the channel key, proved to be its own where the transport leaves here. */
  ChannelCertificate certificate() throws StrongroomException {
    lock.lock();
    try (CommandApdu request = ChannelCertificate.request()) {
      Conversation ready = retry.readyFor(request);
      if (transport.leavesProcess()) {
        ready.secure();
      }
      return ready.certificate();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends a command to the selected application.
   *
   * @param command closed here
   * @param role whose PIN it carries, for the error
   */
  byte[] send(CommandApdu command, Role role) throws StrongroomException {
    lock.lock();
    try (command) {
      return data(command, role);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends a command that belongs to a login.
   *
   * @param command closed here
   * @param role whose PIN it carries, for the error
   */
  byte[] send(CommandApdu command, Role role, Conversation login) throws StrongroomException {
    lock.lock();
    try (command;
        ResponseApdu response = login.transmit(command)) {
      if (response.status().equals(StatusWord.SECURITY_STATUS_NOT_SATISFIED)) {
        login.end(new SecurityStatusException(command.ins()));
      }
      if (response.status().value() == ElementProtocol.SW_REFUSED) {
        throw refusal(command.ins(), login);
      }
      return data(command, role, response);
    } finally {
      lock.unlock();
    }
  }

  /** Asks why, before another command can be refused; a status word travels without a MAC. */
  private static StrongroomException refusal(int ins, Conversation login)
      throws StrongroomException {
    try (CommandApdu question =
            CommandApdu.of(
                ElementProtocol.CLA_PROPRIETARY,
                KeyStoreProtocol.INS_QUERY,
                KeyStoreProtocol.P1_READ_REFUSAL,
                0,
                KeyRefusal.LENGTH);
        ResponseApdu answer = login.transmit(question)) {
      Bytes said = Bytes.copyOf(data(question, Role.USER, answer));
      return said.equals(NO_REFUSAL)
          ? new StatusWordException(ins, new StatusWord(ElementProtocol.SW_REFUSED))
          : KeyRefusedException.of(KeyRefusal.parse(said));
    } catch (IllegalArgumentException e) {
      throw new FrameException("a refusal is malformed", e);
    }
  }

  /**
   * Runs several commands with none of another thread in between.
   *
   * @param exchange sends them
   */
  void alone(KeyChannel.Exchange exchange) throws StrongroomException {
    lock.lock();
    try {
      exchange.run();
    } finally {
      lock.unlock();
    }
  }

  /** Verifies a PIN and returns the conversation in which that is valid. */
  Conversation login(CommandApdu verify, Role role) throws StrongroomException {
    lock.lock();
    try (verify) {
      Conversation ready = retry.readyFor(verify);
      try (ResponseApdu response = ready.transmit(verify)) {
        data(verify, role, response);
      }
      ready.loggedIn();
      return ready;
    } finally {
      lock.unlock();
    }
  }

  void logout(Conversation login) {
    lock.lock();
    try (CommandApdu logout =
        CommandApdu.of(
            ElementProtocol.CLA_ISO,
            ElementProtocol.INS_VERIFY,
            ElementProtocol.P1_LOGOUT,
            ElementProtocol.PIN_USER,
            0)) {
      if (login.loggedOut() && !login.hasEnded()) {
        login.transmit(logout).close();
      }
    } catch (StrongroomException e) {
      LOG.debug("logging out failed; the element forgets the login when it is switched off", e);
    } finally {
      lock.unlock();
    }
  }

  /** The element has gone: every login is over. Does not wait for a command under way. */
  void left() {
    Conversation now = conversation;
    if (now == null) {
      return;
    }
    now.end(new ElementRemovedException(transport.name()));
    if (lock.tryLock()) {
      try {
        now.forget();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Closes its channel. */
  void close() {
    lock.lock();
    try {
      Conversation now = conversation;
      if (now != null) {
        now.close();
      }
    } catch (StrongroomException e) {
      LOG.debug("closing the channel failed; it ends when the element is switched off", e);
    } finally {
      lock.unlock();
    }
  }

  private Conversation readyFor(CommandApdu command) throws StrongroomException {
    Conversation now = conversation;
    if (now == null || now.hasEnded()) {
      if (now != null) {
        now.forget();
      }
      now = Conversation.begin(transport, known);
      conversation = now;
    }
    if (transport.leavesProcess()
        && (ElementProtocol.isProtected(command) || ElementProtocol.isBelieved(command))) {
      now.secure();
    }
    return now;
  }

  private byte[] data(CommandApdu command, Role role) throws StrongroomException {
    try (ResponseApdu response = retry.transmit(command)) {
      return data(command, role, response);
    }
  }

  private static byte[] data(CommandApdu command, Role role, ResponseApdu response)
      throws StrongroomException {
    if (!response.status().isSuccess()) {
      throw StatusWordTable.exception(command.ins(), role, response.status());
    }
    return response.data();
  }
}
