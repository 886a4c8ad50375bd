// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecurityStatusException;
import dev.strongroom.core.transport.ElementRemovedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel to the application, with its own security status: the master keys while the user is
 * logged in on it.
 *
 * <p>Every method counts one command, whether it was called or came as an APDU.
 *
 * <p>Thread safety: thread-safe; {@link #grub} and {@link #pageGrub} take no lock.
 */
final class ElementChannel implements ElementCommands {

  private interface Command<R> {
    R run() throws StrongroomException;
  }

  private record Login(MasterKeys keys, long powerCycle) {}

  private static final int SMALL = 64;

  private final ElementApplication application;
  private volatile @Nullable Login login; // written under this
  private volatile boolean closed; // written under this

  ElementChannel(ElementApplication application) {
    this.application = application;
  }

  @Override
  public ElementInfo select() throws StrongroomException {
    return run(ElementProtocol.INS_SELECT, Role.USER, 2 * SMALL, application::info);
  }

  @Override
  public ElementStatus status() throws StrongroomException {
    return run(ElementProtocol.INS_GET_DATA, Role.USER, SMALL, application::status);
  }

  @Override
  public ChannelCertificate channelCertificate() throws StrongroomException {
    return run(
        ElementProtocol.INS_GET_DATA,
        Role.USER,
        4 * SMALL,
        () -> application.channelIdentity().certificate());
  }

  @Override
  public void initialize(SecretBytes userPin, SecretBytes administratorPin)
      throws StrongroomException {
    run(
        ElementProtocol.INS_INITIALIZE,
        Role.USER,
        SMALL,
        () -> {
          Role.USER.requirePinFormat(userPin);
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          application.initialize(userPin, administratorPin);
          return true;
        });
  }

  @Override
  public void verify(Role role, SecretBytes pin) throws StrongroomException {
    run(
        ElementProtocol.INS_VERIFY,
        role,
        SMALL,
        () -> {
          role.requirePinFormat(pin);
          long powerCycle = application.powerCycle();
          MasterKeys keys = application.verify(role, pin);
          if (role == Role.USER) {
            replaceLogin(new Login(keys, powerCycle));
          } else {
            // No command of this version needs the administrator's status on the channel.
            keys.close();
          }
          return true;
        });
  }

  @Override
  public void changePin(Role role, SecretBytes oldPin, SecretBytes newPin)
      throws StrongroomException {
    run(
        ElementProtocol.INS_CHANGE_REFERENCE_DATA,
        role,
        SMALL,
        () -> {
          role.requirePinFormat(oldPin);
          role.requirePinFormat(newPin);
          application.changePin(role, oldPin, newPin);
          return true;
        });
  }

  @Override
  public void resetRetryCounter(SecretBytes administratorPin, SecretBytes newUserPin)
      throws StrongroomException {
    run(
        ElementProtocol.INS_RESET_RETRY_COUNTER,
        Role.ADMINISTRATOR,
        SMALL,
        () -> {
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          Role.USER.requirePinFormat(newUserPin);
          application.resetRetryCounter(administratorPin, newUserPin);
          return true;
        });
  }

  @Override
  public byte[] challenge(int length) throws StrongroomException {
    if (length < 1 || length > ElementProtocol.MAX_RANDOM) {
      throw new IllegalArgumentException("1 to 7168 random bytes, not " + length);
    }
    return run(
        ElementProtocol.INS_GET_CHALLENGE,
        Role.USER,
        length,
        () -> {
          byte[] random = new byte[length];
          application.random().nextBytes(random);
          return random;
        });
  }

  @Override
  public List<Grub> grub(Bytes volume, List<GrubRequest> requests) throws StrongroomException {
    int count = requests.size();
    if (count < 1 || count > ElementProtocol.MAX_BATCH) {
      throw new IllegalArgumentException("1 to 64 requests, not " + count);
    }
    requireVolume(volume);
    return run(
        ElementProtocol.INS_GRUB,
        Role.USER,
        count * (ElementProtocol.ITEM_LENGTH + ElementProtocol.ANSWER_LENGTH),
        () -> keys().grub(volume, requests, application.random()));
  }

  @Override
  public List<SecretBytes> pageGrub(Bytes volume, GrubRequest file, long firstPage, int count)
      throws StrongroomException {
    Bytes rnd = file.rnd();
    if (rnd == null) {
      throw new IllegalArgumentException("a file has its RND before its pages have keys");
    }
    if (count < 1 || count > ElementProtocol.MAX_BATCH) {
      throw new IllegalArgumentException("1 to 64 pages, not " + count);
    }
    if (firstPage < 0 || firstPage > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException("pages count from 0 to 2^63-1, not " + firstPage);
    }
    requireVolume(volume);
    return run(
        ElementProtocol.INS_GRUB,
        Role.USER,
        ElementProtocol.PAGE_REQUEST_LENGTH + count * ElementProtocol.PAGE_KEY_LENGTH,
        () -> keys().pages(volume, file.uid(), rnd, file.epoch(), firstPage, count));
  }

  /** GET DATA BF21: the channel key's certificate as it goes over the wire. */
  Bytes signedChannelCertificate() throws StrongroomException {
    return run(
        ElementProtocol.INS_GET_DATA,
        Role.USER,
        4 * SMALL,
        () -> application.channelIdentity().signedCertificate());
  }

  /**
   * INTERNAL AUTHENTICATE: opens a secure channel.
   *
   * @throws IllegalArgumentException if the data are malformed or ask for something else
   */
  Scp11b.Acceptance authenticate(byte[] data) throws StrongroomException {
    return run(
        Scp11b.INS,
        Role.USER,
        3 * SMALL,
        () -> Scp11b.accept(data, application.channelIdentity().key(), application.random()));
  }

  /** VERIFY that ends the login. */
  void logout() throws StrongroomException {
    run(
        ElementProtocol.INS_VERIFY,
        Role.USER,
        SMALL,
        () -> {
          replaceLogin(null);
          return true;
        });
  }

  /** What tells one login from another; null without one. */
  @Nullable Object login() {
    return login;
  }

  /** Ends the login without a command. */
  void endLogin() {
    replaceLogin(null);
  }

  boolean isLoggedIn() {
    Login now = login;
    return now != null && now.powerCycle == application.powerCycle();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    try {
      if (isLoggedIn()) {
        logout();
      }
    } catch (StrongroomException | IllegalStateException e) {
      // The element has gone, and the login with it.
      replaceLogin(null);
    } finally {
      drop();
    }
  }

  /** Forgets the login without a command: the element has been switched off. */
  synchronized void drop() {
    closed = true;
    replaceLogin(null);
  }

  private synchronized void replaceLogin(@Nullable Login next) {
    Login before = login;
    login = next;
    if (before != null) {
      before.keys.close();
    }
    if (next != null && closed) {
      login = null;
      next.keys.close();
    }
  }

  private MasterKeys keys() throws StrongroomException {
    Login now = login;
    if (now == null) {
      application.requireInitialized();
      throw new SecurityStatusException(ElementProtocol.INS_GRUB);
    }
    if (now.powerCycle != application.powerCycle()) {
      throw new ElementRemovedException(application.name());
    }
    return now.keys;
  }

  private <R> R run(int ins, Role role, int bytes, Command<R> command) throws StrongroomException {
    if (closed) {
      throw new IllegalStateException("the channel to the element is closed");
    }
    application.count();
    Faults faults = application.faults();
    if (faults == null) {
      return command.run();
    }
    int number = faults.before(ins, role, bytes);
    R result = command.run();
    faults.after(number);
    return result;
  }

  private static void requireVolume(Bytes volume) {
    if (volume.length() != ElementProtocol.VOLUME_ID_LENGTH) {
      throw new IllegalArgumentException("a volume id has 16 bytes, not " + volume.length());
    }
  }
}
