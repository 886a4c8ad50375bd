// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveNotFoundException;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.device.RegisterFullException;
import dev.strongroom.core.device.SenderWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands of the receive register, {@code docs/spec/element-protocol.md}, 2.11.
 *
 * <p>Thread safety: thread-safe; changes go one at a time in the application.
 */
final class ReceiveCommands {

  private final ElementApplication application;

  ReceiveCommands(ElementApplication application) {
    this.application = application;
  }

  SecretBytes begin(
      Login login,
      HpkeSuite suite,
      ReceiveId id,
      Bytes enc,
      Bytes info,
      Bytes exporterContext,
      int length)
      throws StrongroomException {
    SecretBytes secret =
        IdentityCommands.hpkeExport(
            login.receiver(suite),
            enc,
            ElementProtocol.receiveInfo(id, info),
            exporterContext,
            length);
    try {
      return application.change(
          login,
          state -> {
            ReceiveRegister register = state.received();
            if (!register.isPending(id)) {
              state.setReceived(begun(register, id));
            }
            return secret;
          });
    } catch (StrongroomException | RuntimeException e) {
      secret.close();
      throw e;
    }
  }

  void end(Login login, ReceiveId id) throws StrongroomException {
    application.change(
        login,
        state -> {
          ReceiveRegister register = state.received();
          if (register.isPending(id)) {
            state.setReceived(ended(register, id));
          } else if (!isDone(register, id)) {
            throw new ReceiveNotFoundException(id);
          }
          return id;
        });
  }

  ReceiveRegister register(Login login) throws StrongroomException {
    return application.read(login, OpenState::received);
  }

  void forget(SecretBytes administratorPin, Bytes sender) throws StrongroomException {
    application.change(
        administratorPin,
        state -> {
          ReceiveRegister register = state.received();
          if (register.sender(sender).isEmpty()) {
            throw new ReceiveNotFoundException(sender);
          }
          state.setReceived(
              new ReceiveRegister(
                  register.senders().stream()
                      .filter(window -> !window.sender().equals(sender))
                      .toList(),
                  register.pending().stream()
                      .filter(pending -> !pending.sender().equals(sender))
                      .toList()));
          return sender;
        });
  }

  /** The register with one more that is pending. */
  private static ReceiveRegister begun(ReceiveRegister register, ReceiveId id)
      throws AlreadyReceivedException, RegisterFullException {
    if (register.isTaken(id)) {
      throw new AlreadyReceivedException(id);
    }
    List<SenderWindow> senders = new ArrayList<>(register.senders());
    if (register.sender(id.sender()).isEmpty()) {
      if (senders.size() == ReceiveRegister.MAX_SENDERS) {
        throw new RegisterFullException(RegisterFullException.Part.SENDERS);
      }
      senders.add(SenderWindow.of(id.sender()));
    }
    List<ReceiveId> pending = new ArrayList<>(register.pending());
    if (pending.size() == ReceiveRegister.MAX_PENDING) {
      throw new RegisterFullException(RegisterFullException.Part.PENDING);
    }
    pending.add(id);
    return new ReceiveRegister(senders, pending);
  }

  /** The register in which a pending one is done. */
  private static ReceiveRegister ended(ReceiveRegister register, ReceiveId id) {
    List<ReceiveId> pending = new ArrayList<>(register.pending());
    pending.remove(id);
    return new ReceiveRegister(
        register.senders().stream()
            .map(window -> window.sender().equals(id.sender()) ? window.done(id.counter()) : window)
            .toList(),
        pending);
  }

  /** Whether its counter is done; which id it had is not remembered. */
  private static boolean isDone(ReceiveRegister register, ReceiveId id) {
    return register.pending().stream()
            .noneMatch(
                other -> other.counter() == id.counter() && other.sender().equals(id.sender()))
        && register.sender(id.sender()).filter(window -> window.isDone(id.counter())).isPresent();
  }
}
