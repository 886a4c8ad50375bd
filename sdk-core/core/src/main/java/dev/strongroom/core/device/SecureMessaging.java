// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.channel.ScpSession;
import dev.strongroom.core.device.SecureChannelException.Reason;
import dev.strongroom.core.transport.Transport;
import java.security.SecureRandom;
import java.security.SignatureException;
import org.jspecify.annotations.Nullable;

/**
 * Protects every command once its secure channel is open; before that, hands them on as they are.
 *
 * <p>SELECT ends a secure channel, so it must not come after the opening.
 *
 * <p>Thread safety: confined, as every {@link ApduLayer}.
 */
final class SecureMessaging implements ApduLayer, AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Transport transport;
  private final ApduLayer next;
  private @Nullable ScpSession session;

  SecureMessaging(Transport transport, ApduLayer next) {
    this.transport = transport;
    this.next = next;
  }

  boolean isOpen() {
    return session != null;
  }

  /** Asks for the certificate of the element's channel key. */
  ChannelCertificate certificate() throws StrongroomException {
    try (CommandApdu request = ChannelCertificate.request()) {
      byte[] answer = exchange(request);
      return ChannelCertificate.parse(answer);
    } catch (IllegalArgumentException | SignatureException e) {
      throw failure(Reason.CERTIFICATE, e);
    }
  }

  /** Opens the secure channel with the element that has {@code key}. */
  void open(ChannelKey key) throws StrongroomException {
    Scp11b opening = Scp11b.start(RANDOM);
    try (CommandApdu command = opening.command()) {
      session = opening.finish(exchange(command), key);
    } catch (IllegalArgumentException | SignatureException e) {
      throw failure(Reason.RECEIPT, e);
    }
  }

  @Override
  public ResponseApdu transmit(CommandApdu command) throws StrongroomException {
    ScpSession open = session;
    if (open == null) {
      return next.transmit(command);
    }
    if (!open.isOpen()) {
      throw failure(Reason.SESSION_LOST, null);
    }
    try (CommandApdu secured = open.protect(command, transport.limits());
        ResponseApdu answer = next.transmit(secured)) {
      if (answer.status().equals(StatusWord.SECURE_MESSAGING_WRONG)) {
        throw failure(Reason.REFUSED, new StatusWordException(command.ins(), answer.status()));
      }
      return open.open(answer);
    } catch (SignatureException e) {
      throw failure(Reason.ANSWER, e);
    }
  }

  /** Zeroes the keys of the channel. Idempotent. */
  @Override
  public void close() {
    ScpSession open = session;
    if (open != null) {
      open.close();
    }
  }

  private byte[] exchange(CommandApdu command) throws StrongroomException {
    try (ResponseApdu response = transmit(command)) {
      if (!response.status().isSuccess()) {
        throw failure(Reason.REFUSED, new StatusWordException(command.ins(), response.status()));
      }
      return response.data();
    }
  }

  private SecureChannelException failure(Reason reason, @Nullable Exception cause) {
    return new SecureChannelException(transport.name(), reason, cause);
  }
}
