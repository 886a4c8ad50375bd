// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.apdu.CardCapabilities;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.device.SecureChannelException.Reason;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One power cycle of an element with the channel that was opened in it: from power on to the first
 * thing that goes wrong. A login belongs to it and ends with it.
 *
 * <p>From the wire upwards its layers are {@link TransportLink}, {@link Resend}, {@link
 * ResponseChaining}, {@link CommandChaining}, {@link LogicalChannel} and {@link SecureMessaging}: a
 * command is protected first and cut afterwards, and its answer is put together before it is
 * checked. {@link Retry} lies above, because it may take a new conversation.
 *
 * <pre>
 *   begin: power on, MANAGE CHANNEL, SELECT
 *     |
 *   CLEAR --secure()--> SECURED
 *     |                    |
 *     +--- any failure ----+--> ENDED
 * </pre>
 *
 * <p>Thread safety: confined to the lock of {@link ApduElement}, but {@link #end} and {@link
 * #requireAlive} come at any time.
 */
final class Conversation {

  private final Transport transport;
  private final KnownElement known;
  private final LogicalChannel channel;
  private final SecureMessaging layers;
  private final ElementInfo info;
  private final AtomicReference<StrongroomException> ended = new AtomicReference<>();
  private @Nullable ChannelCertificate certificate;
  private int logins;

  private Conversation(
      Transport transport,
      KnownElement known,
      LogicalChannel channel,
      SecureMessaging layers,
      ElementInfo info) {
    this.transport = transport;
    this.known = known;
    this.channel = channel;
    this.layers = layers;
    this.info = info;
  }

  /** Powers the element on, opens a channel and selects the application. */
  static Conversation begin(Transport transport, KnownElement known) throws StrongroomException {
    CardCapabilities capabilities = CardCapabilities.of(powerOn(transport));
    ApduLayer wire = new Resend(new TransportLink(transport));
    LogicalChannel channel =
        LogicalChannel.open(
            new CommandChaining(transport, new ResponseChaining(wire)), capabilities);
    SecureMessaging layers = new SecureMessaging(transport, channel);
    try (CommandApdu select = ElementProtocol.select();
        ResponseApdu response = layers.transmit(select)) {
      if (!response.status().isSuccess()) {
        throw StatusWordTable.exception(select.ins(), Role.USER, response.status());
      }
      ElementInfo info = ElementProtocol.parseInfo(response.data());
      known.require(info);
      return new Conversation(transport, known, channel, layers, info);
    } catch (IllegalArgumentException e) {
      throw new FrameException("the application's description is malformed", e);
    }
  }

  private static Atr powerOn(Transport transport) throws TransportException {
    try {
      return transport.powerOn();
    } catch (IllegalArgumentException e) {
      throw new FrameException("the Answer to Reset is malformed", e);
    } catch (RuntimeException e) {
      throw new LinkLostException(transport.name(), LinkLostException.Outcome.NOT_EXECUTED, e);
    }
  }

  /** What the element said of itself when it was selected. */
  ElementInfo info() {
    return info;
  }

  /** Opens the secure channel unless it is open. */
  void secure() throws StrongroomException {
    requireAlive();
    if (layers.isOpen()) {
      return;
    }
    try {
      if (!info.capabilities().contains(Capability.SECURE_CHANNEL)) {
        throw new SecureChannelException(transport.name(), Reason.NOT_SUPPORTED, null);
      }
      ChannelCertificate shown = layers.certificate();
      if (!shown.serialNumber().equals(info.serialNumber())) {
        throw new SecureChannelException(
            transport.name(),
            Reason.CERTIFICATE,
            new IllegalArgumentException(
                "it names " + shown.serialNumber() + " and not " + info.serialNumber()));
      }
      known.require(shown.key());
      layers.open(shown.key());
      known.proved(shown.key());
      requireDescription();
      certificate = shown;
    } catch (TransportException | SecureChannelException e) {
      end(e);
      throw e;
    }
  }

  /** What it can do was said in clear: anybody on the way could have taken a capability away. */
  private void requireDescription() throws StrongroomException {
    try (CommandApdu question = ElementProtocol.getData(ElementProtocol.P2_INFO);
        ResponseApdu answer = layers.transmit(question)) {
      if (!answer.status().isSuccess() || !ElementProtocol.parseInfo(answer.data()).equals(info)) {
        throw new SecureChannelException(transport.name(), Reason.DESCRIPTION, null);
      }
    } catch (IllegalArgumentException e) {
      throw new SecureChannelException(transport.name(), Reason.DESCRIPTION, e);
    }
  }

  /**
   * The certificate of the channel key, which the element has proved to have if the channel is
   * open.
   */
  ChannelCertificate certificate() throws StrongroomException {
    requireAlive();
    ChannelCertificate shown = certificate;
    if (shown == null) {
      try {
        shown = layers.certificate();
      } catch (TransportException | SecureChannelException e) {
        end(e);
        throw e;
      }
      certificate = shown;
    }
    return shown;
  }

  /** Sends a command; what breaks the link or the secure channel ends the conversation. */
  ResponseApdu transmit(CommandApdu command) throws StrongroomException {
    requireAlive();
    try {
      ResponseApdu response = layers.transmit(command);
      if (isGone(response.status())) {
        response.close();
        throw new ElementRemovedException(transport.name());
      }
      return response;
    } catch (TransportException | SecureChannelException e) {
      end(e);
      throw e;
    } finally {
      if (hasEnded()) {
        layers.close();
      }
    }
  }

  /** An element that was reset behind our back knows neither channel nor application any more. */
  private boolean isGone(StatusWord status) throws StrongroomException {
    if (status.equals(StatusWord.CHANNEL_NOT_SUPPORTED)) {
      return true;
    }
    if (!status.equals(StatusWord.INS_NOT_SUPPORTED)) {
      return false;
    }
    try (CommandApdu question = ElementProtocol.getData(ElementProtocol.P2_STATUS);
        ResponseApdu answer = layers.transmit(question)) {
      return answer.status().equals(StatusWord.INS_NOT_SUPPORTED);
    }
  }

  void loggedIn() {
    logins++;
  }

  /** Whether that was the last login. */
  boolean loggedOut() {
    return --logins == 0;
  }

  boolean hasLogin() {
    return logins > 0;
  }

  boolean hasEnded() {
    return ended.get() != null;
  }

  /** Nothing is known about the element's state any more; only the first reason counts. */
  void end(StrongroomException reason) {
    ended.compareAndSet(null, reason);
  }

  /** Throws what a session says that belongs to a conversation that has ended. */
  void requireAlive() throws StrongroomException {
    StrongroomException reason = ended.get();
    if (reason instanceof SecureChannelException broken) {
      throw new SecureChannelException(transport.name(), Reason.SESSION_LOST, broken);
    }
    if (reason != null) {
      throw new ElementRemovedException(transport.name());
    }
  }

  /** Gives the channel back; the element forgets what belongs to it. */
  void close() throws StrongroomException {
    try {
      if (!hasEnded()) {
        channel.close();
      }
    } finally {
      layers.close();
    }
  }

  /** Zeroes the keys of a conversation that has ended. */
  void forget() {
    layers.close();
  }
}
