// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An element that is reached by APDUs: powers it on when first needed, selects the application
 * once, and sends one command at a time through the layers.
 *
 * <p>From the wire upwards the layers are {@link TransportLink}, {@link ResponseChaining} and
 * {@link CommandChaining}. Secure messaging goes between the last two, so that whole messages are
 * protected; repeating after a lost answer, and logical channels, go on top. The sessions of a
 * process share the basic channel; the element's login ends with the last of them.
 *
 * <p>Thread safety: thread-safe; one command at a time under {@code lock}.
 */
final class ApduElement {

  private static final Logger LOG = LoggerFactory.getLogger(ApduElement.class);

  private final Transport transport;
  private final ApduLayer layers;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean powered; // guarded by lock
  private boolean selected; // guarded by lock
  private long powerCycle; // guarded by lock
  private int logins; // guarded by lock

  ApduElement(Transport transport) {
    this.transport = transport;
    this.layers =
        new CommandChaining(transport, new ResponseChaining(new TransportLink(transport)));
  }

  ElementCommands openChannel() {
    return new ApduElementCommands(this);
  }

  /** SELECT the first time, GET DATA for the same objects afterwards: selecting again logs out. */
  ElementInfo describe() throws StrongroomException {
    lock.lock();
    try {
      byte[] answer;
      if (selected) {
        answer =
            send(
                CommandApdu.of(
                    ElementProtocol.CLA_ISO,
                    ElementProtocol.INS_GET_DATA,
                    ElementProtocol.P1_APPLICATION_DATA,
                    ElementProtocol.P2_INFO,
                    CommandApdu.MAX_SHORT_RESPONSE),
                Role.USER);
      } else {
        answer = select();
      }
      return withinLimits(ElementProtocol.parseInfo(answer));
    } catch (IllegalArgumentException e) {
      throw new FrameException("the application's description is malformed", e);
    } finally {
      lock.unlock();
    }
  }

  /** Random bytes come in one answer or not at all; all else is chained. */
  private ElementInfo withinLimits(ElementInfo info) {
    return info.withMaxRandom(transport.limits().maxResponse() - 2);
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
      if (!selected) {
        select();
      }
      return exchange(command, role);
    } finally {
      lock.unlock();
    }
  }

  /** Sends a command that belongs to an earlier login. */
  byte[] send(CommandApdu command, Role role, long cycle) throws StrongroomException {
    lock.lock();
    try {
      if (cycle != powerCycle) {
        command.close();
        throw new ElementRemovedException(transport.name());
      }
      return send(command, role);
    } finally {
      lock.unlock();
    }
  }

  /** Verifies a PIN and returns the power cycle in which that is valid. */
  long login(CommandApdu verify, Role role) throws StrongroomException {
    lock.lock();
    try {
      send(verify, role);
      logins++;
      return powerCycle;
    } finally {
      lock.unlock();
    }
  }

  void logout(long cycle) {
    lock.lock();
    try {
      if (cycle != powerCycle || --logins > 0) {
        return;
      }
      send(
          CommandApdu.of(
              ElementProtocol.CLA_ISO,
              ElementProtocol.INS_VERIFY,
              ElementProtocol.P1_LOGOUT,
              ElementProtocol.PIN_USER,
              0),
          Role.USER);
    } catch (StrongroomException e) {
      LOG.debug("logging out failed; the element forgets the login when it is switched off", e);
    } finally {
      lock.unlock();
    }
  }

  private byte[] select() throws StrongroomException {
    if (!powered) {
      try {
        transport.powerOn();
      } catch (IllegalArgumentException e) {
        throw new FrameException("the Answer to Reset is malformed", e);
      }
      powered = true;
    }
    try (CommandApdu select =
        CommandApdu.of(
            ElementProtocol.CLA_ISO,
            ElementProtocol.INS_SELECT,
            // By name, first occurrence, with file control information.
            0x04,
            0x00,
            ElementProtocol.AID.bytes().toByteArray(),
            CommandApdu.MAX_SHORT_RESPONSE)) {
      byte[] answer = exchange(select, Role.USER);
      selected = true;
      return answer;
    }
  }

  private byte[] exchange(CommandApdu command, Role role) throws StrongroomException {
    try (ResponseApdu response = layers.transmit(command)) {
      if (!response.status().isSuccess()) {
        throw StatusWordTable.exception(command.ins(), role, response.status());
      }
      return response.data();
    } catch (TransportException e) {
      // Nothing is known about the element's state any more: start again from power on.
      powered = false;
      selected = false;
      logins = 0;
      powerCycle++;
      throw e;
    }
  }
}
