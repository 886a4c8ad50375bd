// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.Transport;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A secure element: the thing that a person has, to which they add the PIN that they know.
 *
 * <pre>{@code
 * try (SecureElement element = SecureElement.open("sim:my.element");
 *     SecretBytes pin = SecretBytes.encode(console.readPassword("PIN: "));
 *     ElementSession session = element.login(pin)) {
 *   byte[] random = session.random(32);
 * }
 * }</pre>
 *
 * <p>Opens of one element in one process share the device, so that file system, database and key
 * management use it side by side; each session logs in by itself. Another process is refused with
 * {@link dev.strongroom.core.transport.ElementInUseException}. Opening does not need a PIN and not
 * even an initialised element; {@link #initialize} makes one.
 *
 * <p>PINs stay with the caller, who closes them.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SecureElement implements AutoCloseable {

  /** Work on a channel that no session has. */
  private interface Work<R> {
    R on(ElementCommands commands, ElementInfo info) throws StrongroomException;
  }

  /** One command of a channel. */
  private interface Command<R> {
    R on(ElementCommands commands) throws StrongroomException;
  }

  private final Device device;
  private final @Nullable ElementUri uri;
  private final Set<ElementSession> sessions = new LinkedHashSet<>(); // guarded by sessions
  private boolean closed; // guarded by sessions
  private volatile @Nullable ChannelKey expectedKey;

  private SecureElement(Device device, @Nullable ElementUri uri) {
    this.device = device;
    this.uri = uri;
  }

  /**
   * Reaches an element.
   *
   * @param uri such as {@code sim:my.element}
   * @return the element, which the caller closes
   * @throws dev.strongroom.core.transport.InvalidElementUriException if the text is no element URI
   * @throws dev.strongroom.core.transport.UnknownSchemeException if no transport serves its scheme
   * @throws dev.strongroom.core.transport.ElementInUseException if another process holds the
   *     element
   * @throws StrongroomException if the link fails
   */
  public static SecureElement open(String uri) throws StrongroomException {
    return open(ElementUri.parse(uri));
  }

  /**
   * Reaches an element.
   *
   * @param uri where it is
   * @return the element, which the caller closes
   * @throws dev.strongroom.core.transport.UnknownSchemeException if no transport serves its scheme
   * @throws dev.strongroom.core.transport.ElementInUseException if another process holds the
   *     element
   * @throws StrongroomException if the link fails
   */
  public static SecureElement open(ElementUri uri) throws StrongroomException {
    return new SecureElement(Device.acquire(uri), uri);
  }

  /**
   * Reaches an element through a transport that the caller has made, not shared with other opens.
   *
   * @param transport closed with the element
   * @return the element, which the caller closes
   */
  public static SecureElement open(Transport transport) {
    return new SecureElement(Device.of(transport), null);
  }

  /**
   * Where the element is.
   *
   * @return the URI that it was opened with, or empty if it was opened with a transport
   */
  public Optional<ElementUri> uri() {
    return Optional.ofNullable(uri);
  }

  /**
   * Who the element is and what it can do.
   *
   * @return its description
   * @throws ElementNotFoundException if there is none
   * @throws ProtocolVersionException if it speaks another protocol
   * @throws StrongroomException if the link fails
   */
  public ElementInfo info() throws StrongroomException {
    return onPresentElement((commands, info) -> info);
  }

  /**
   * Whether the element is initialised, and how many tries its PINs have left.
   *
   * @return the state at this moment
   * @throws ElementNotFoundException if there is no element
   * @throws StrongroomException if the link fails
   */
  public ElementStatus status() throws StrongroomException {
    return onPresentElement((commands, info) -> commands.status());
  }

  /**
   * The key by which the element is recognised: what a host pins at first use and gives to {@link
   * #expectChannelKey} ever after. Where commands leave this process it is the key of the open
   * secure channel, which the element has proved to have; in process it is read.
   *
   * @return the element's channel key
   * @throws UnsupportedCapabilityException if the element has none
   * @throws ElementNotFoundException if there is no element
   * @throws ElementKeyChangedException if it is not the key that was expected, or that it had
   *     before
   * @throws SecureChannelException if the element does not prove to have it
   * @throws StrongroomException if the link fails
   */
  public ChannelKey channelKey() throws StrongroomException {
    return onPresentElement(
        (commands, info) -> {
          info.require(Capability.SECURE_CHANNEL);
          return channelKey(commands);
        });
  }

  /**
   * Pins the element: from now on nothing that carries a PIN is sent through this object to an
   * element with another key. It is looked at before each PIN, and not by this call.
   *
   * @param key the channel key that the element is to have, as {@link #channelKey()} once gave it
   * @return this
   */
  public SecureElement expectChannelKey(ChannelKey key) {
    expectedKey = key;
    return this;
  }

  /**
   * Sets both PINs and has the element make its identity and its master keys; on a blank element
   * only. A simulated element whose file is missing is made by this.
   *
   * @param userPin UTF-8, 4 to 32 characters
   * @param administratorPin UTF-8, 8 to 32 characters
   * @throws PinFormatException if a PIN is too short or too long
   * @throws ElementAlreadyInitializedException if it has been initialised before; nothing is
   *     changed
   * @throws StrongroomException if the link fails
   */
  public void initialize(SecretBytes userPin, SecretBytes administratorPin)
      throws StrongroomException {
    Role.USER.requirePinFormat(userPin);
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    onChannel(
        (commands, info) -> {
          requireExpectedKey(commands);
          commands.initialize(userPin, administratorPin);
          return info;
        });
  }

  /**
   * Sets both PINs of an element that is to get the master keys of another one, see {@link
   * ElementSession#importSecret}; until then it derives no keys.
   *
   * @param userPin UTF-8, 4 to 32 characters
   * @param administratorPin UTF-8, 8 to 32 characters
   * @throws PinFormatException if a PIN is too short or too long
   * @throws ElementAlreadyInitializedException if it is not blank; nothing is changed
   * @throws UnsupportedCapabilityException if the element takes no secrets
   * @throws StrongroomException if the link fails
   */
  public void initializeTwin(SecretBytes userPin, SecretBytes administratorPin)
      throws StrongroomException {
    Role.USER.requirePinFormat(userPin);
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    onChannel(
        (commands, info) -> {
          info.require(Capability.SECRET_TRANSPORT);
          requireExpectedKey(commands);
          commands.initializeTwin(userPin, administratorPin);
          return info;
        });
  }

  /**
   * Makes the element blank: PINs, master keys, identity, version slots and trust anchor are gone
   * for good, and with the master keys every file on its volumes, unless it has a twin. Serial
   * number and channel key stay. Every login ends.
   *
   * @param administratorPin UTF-8
   * @throws AuthenticationFailedException if the PIN is wrong; it says how many tries are left
   * @throws PinBlockedException if no try is left
   * @throws PinFormatException if the PIN is too short or too long; no try is used
   * @throws ElementNotInitializedException if it is blank already
   * @throws UnsupportedCapabilityException if the element cannot be wiped
   * @throws StrongroomException if there is no element or the link fails
   */
  public void wipe(SecretBytes administratorPin) throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    onInitializedElement(
        Capability.WIPE,
        commands -> {
          commands.wipe(administratorPin);
          return commands;
        });
  }

  /**
   * Makes an element blank whose PINs are both blocked, so that it can be used again; see {@link
   * #wipe}.
   *
   * @throws ConditionsNotSatisfiedException if a PIN can still be tried; nothing is changed
   * @throws ElementNotInitializedException if it is blank already
   * @throws UnsupportedCapabilityException if the element cannot be wiped
   * @throws StrongroomException if there is no element or the link fails
   */
  public void wipeBlocked() throws StrongroomException {
    onInitializedElement(
        Capability.WIPE,
        commands -> {
          commands.wipeBlocked();
          return commands;
        });
  }

  /**
   * The element's identity, for others to verify its signatures and to encrypt to it.
   *
   * @return its keys and certificates, which name the same serial number as {@link #info()}
   * @throws ElementNotInitializedException if it is blank
   * @throws UnsupportedCapabilityException if the element has no identity
   * @throws FrameException if the certificates are malformed or another element's
   * @throws StrongroomException if there is no element or the link fails
   */
  public ElementIdentity identity() throws StrongroomException {
    return onPresentElement(
        (commands, info) -> {
          info.require(Capability.IDENTITY);
          requireExpectedKey(commands);
          ElementIdentity identity = commands.identity();
          if (!identity.serialNumber().equals(info.serialNumber())) {
            throw new FrameException("the certificates are those of another element");
          }
          return identity;
        });
  }

  /**
   * The element's card, for others to send it something.
   *
   * @return its keys in a statement that it has signed, which names the same serial number as
   *     {@link #info()}
   * @throws ElementNotInitializedException if it is blank
   * @throws UnsupportedCapabilityException if the element has no card
   * @throws FrameException if the card is malformed or another element's
   * @throws StrongroomException if there is no element or the link fails
   */
  public ElementCard card() throws StrongroomException {
    return onPresentElement(
        (commands, info) -> {
          info.require(Capability.CARD);
          requireExpectedKey(commands);
          ElementCard card = commands.card();
          if (!card.serialNumber().equals(info.serialNumber())) {
            throw new FrameException("the card is that of another element");
          }
          return card;
        });
  }

  /**
   * Whom the element believes about other elements.
   *
   * @return its trust anchor, or empty if none was set
   * @throws ElementNotInitializedException if it is blank
   * @throws UnsupportedCapabilityException if the element keeps no trust anchor
   * @throws StrongroomException if there is no element or the link fails
   */
  public Optional<TrustAnchor> trustAnchor() throws StrongroomException {
    return onPresentElement(
        (commands, info) -> {
          info.require(Capability.TRUST_ANCHOR);
          requireExpectedKey(commands);
          return commands.trustAnchor();
        });
  }

  /**
   * Tells the element whom to believe; afterwards only those can change it ({@link
   * ElementSession#updateTrustAnchor}).
   *
   * @param administratorPin UTF-8
   * @param anchor the roots
   * @throws AuthenticationFailedException if the PIN is wrong; it says how many tries are left
   * @throws PinBlockedException if no try is left
   * @throws PinFormatException if the PIN is too short or too long; no try is used
   * @throws ConditionsNotSatisfiedException if it has a trust anchor; nothing is changed
   * @throws ElementNotInitializedException if it is blank
   * @throws UnsupportedCapabilityException if the element keeps no trust anchor
   * @throws StrongroomException if there is no element or the link fails
   */
  public void setTrustAnchor(SecretBytes administratorPin, TrustAnchor anchor)
      throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    onInitializedElement(
        Capability.TRUST_ANCHOR,
        commands -> {
          commands.setTrustAnchor(administratorPin, anchor);
          return anchor;
        });
  }

  /**
   * Frees a volume's version slot; afterwards the volume can be turned back unnoticed.
   *
   * @param administratorPin UTF-8
   * @param volume the volume's id, 16 bytes
   * @throws AuthenticationFailedException if the PIN is wrong; it says how many tries are left
   * @throws PinBlockedException if no try is left
   * @throws PinFormatException if the PIN is too short or too long; no try is used
   * @throws VersionSlotNotFoundException if the volume has no slot
   * @throws ElementNotInitializedException if the element is blank
   * @throws UnsupportedCapabilityException if the element has no version slots
   * @throws StrongroomException if there is no element or the link fails
   */
  public void releaseVersion(SecretBytes administratorPin, Bytes volume)
      throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    onInitializedElement(
        Capability.VERSION_SLOTS,
        commands -> {
          commands.releaseVersion(administratorPin, volume);
          return volume;
        });
  }

  /**
   * Has the element forget a sender, to make room for others; what came from it can be received
   * again afterwards.
   *
   * @param administratorPin UTF-8
   * @param sender {@value ReceiveId#SENDER_LENGTH} bytes
   * @throws AuthenticationFailedException if the PIN is wrong; it says how many tries are left
   * @throws PinBlockedException if no try is left
   * @throws PinFormatException if the PIN is too short or too long; no try is used
   * @throws ReceiveNotFoundException if there is no such sender
   * @throws ElementNotInitializedException if the element is blank
   * @throws UnsupportedCapabilityException if the element has no receive register
   * @throws StrongroomException if there is no element or the link fails
   */
  public void forgetSender(SecretBytes administratorPin, Bytes sender) throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    ReceiveId.requireSender(sender);
    onInitializedElement(
        Capability.RECEIVE_REGISTER,
        commands -> {
          commands.forgetSender(administratorPin, sender);
          return sender;
        });
  }

  /**
   * Opens a session for the user.
   *
   * @param userPin UTF-8
   * @return the session, which the caller closes
   * @throws AuthenticationFailedException if the PIN is wrong; it says how many tries are left
   * @throws PinBlockedException if no try is left
   * @throws PinFormatException if the PIN is too short or too long; no try is used
   * @throws ElementNotInitializedException if there are no PINs yet
   * @throws ElementKeyChangedException if it has not the key that was expected; no PIN was sent
   * @throws ElementChangedException if another element has taken its place; no PIN was sent
   * @throws SecureChannelException if the secure channel cannot be opened; no PIN was sent
   * @throws ElementNotFoundException if there is no element
   * @throws ElementStateException if its stored state is damaged or was edited
   * @throws StrongroomException if the link fails
   */
  public ElementSession login(SecretBytes userPin) throws StrongroomException {
    return login(userPin, Clock.systemUTC());
  }

  /**
   * Logs in as {@link #login(SecretBytes)}, with another clock than the system's.
   *
   * @param userPin UTF-8
   * @param clock what the session tells the element about the time when managed keys are used
   * @return the session, which the caller closes
   * @throws StrongroomException as there
   */
  public ElementSession login(SecretBytes userPin, Clock clock) throws StrongroomException {
    Role.USER.requirePinFormat(userPin);
    requirePresent();
    ElementCommands commands = device.openChannel();
    ElementSession session = null;
    try {
      device.gate().enter(this);
      try {
        ElementInfo info = describe(commands);
        requireExpectedKey(commands);
        commands.verify(Role.USER, userPin);
        session = new ElementSession(this, device.gate(), commands, info, clock);
      } finally {
        device.gate().leave();
      }
      register(session);
      return session;
    } catch (StrongroomException | RuntimeException e) {
      if (session == null) {
        commands.close();
      } else {
        session.close();
      }
      throw e;
    }
  }

  /**
   * Has the element check a PIN, for what needs its holder's consent; nobody is logged in by this.
   *
   * @param role whose PIN it is
   * @param pin UTF-8
   * @throws AuthenticationFailedException if the PIN is wrong; it says how many tries are left
   * @throws PinBlockedException if no try is left
   * @throws PinFormatException if the PIN is too short or too long; no try is used
   * @throws StrongroomException if there is no initialised element or the link fails
   */
  public void verify(Role role, SecretBytes pin) throws StrongroomException {
    role.requirePinFormat(pin);
    onPresentElement(
        (commands, info) -> {
          requireExpectedKey(commands);
          commands.verify(role, pin);
          return info;
        });
  }

  /**
   * Replaces a PIN by its holder.
   *
   * @param role whose PIN it is
   * @param oldPin UTF-8
   * @param newPin UTF-8, of the length that the role asks for
   * @throws AuthenticationFailedException if the old PIN is wrong
   * @throws PinBlockedException if no try is left
   * @throws PinFormatException if a PIN is too short or too long; no try is used
   * @throws StrongroomException if there is no initialised element or the link fails
   */
  public void changePin(Role role, SecretBytes oldPin, SecretBytes newPin)
      throws StrongroomException {
    role.requirePinFormat(oldPin);
    role.requirePinFormat(newPin);
    onPresentElement(
        (commands, info) -> {
          requireExpectedKey(commands);
          commands.changePin(role, oldPin, newPin);
          return info;
        });
  }

  /**
   * Sets a new user PIN with all its tries, under the administrator's PIN (RESET RETRY COUNTER).
   *
   * @param administratorPin UTF-8
   * @param newUserPin UTF-8, 4 to 32 characters
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws PinBlockedException if the administrator PIN has no try left
   * @throws PinFormatException if a PIN is too short or too long; no try is used
   * @throws StrongroomException if there is no initialised element or the link fails
   */
  public void unblock(SecretBytes administratorPin, SecretBytes newUserPin)
      throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    Role.USER.requirePinFormat(newUserPin);
    onPresentElement(
        (commands, info) -> {
          requireExpectedKey(commands);
          commands.resetRetryCounter(administratorPin, newUserPin);
          return info;
        });
  }

  /**
   * The sessions opened here that are still open.
   *
   * @return the sessions, oldest first
   */
  public List<ElementSession> sessions() {
    synchronized (sessions) {
      return List.copyOf(sessions);
    }
  }

  /** Closes its sessions, the newest first, then lets go of the device. Idempotent. */
  @Override
  public void close() {
    List<ElementSession> open;
    synchronized (sessions) {
      if (closed) {
        return;
      }
      closed = true;
      open = new ArrayList<>(sessions);
    }
    RuntimeException failure = null;
    for (int i = open.size() - 1; i >= 0; i--) {
      try {
        open.get(i).close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    device.release();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public String toString() {
    return "SecureElement[" + (uri == null ? "own transport" : uri) + "]";
  }

  /** The element's channel key, read on a channel that is open. */
  ChannelKey channelKey(ElementCommands commands) throws StrongroomException {
    ChannelKey found = commands.channelCertificate().key();
    requireExpected(found);
    return found;
  }

  void forget(ElementSession session) {
    device.unwatch(session);
    synchronized (sessions) {
      sessions.remove(session);
    }
  }

  private void register(ElementSession session) {
    synchronized (sessions) {
      if (closed) {
        throw new IllegalStateException("the secure element is closed");
      }
      sessions.add(session);
    }
    device.watch(session);
  }

  /** Before each PIN: the element that would get it is the expected one. */
  void requireExpectedKey(ElementCommands commands) throws StrongroomException {
    if (expectedKey != null) {
      requireExpected(commands.channelCertificate().key());
    }
  }

  private void requireExpected(ChannelKey found) throws ElementKeyChangedException {
    ChannelKey expected = expectedKey;
    if (expected != null && !expected.equals(found)) {
      throw new ElementKeyChangedException(device.name(), expected, found);
    }
  }

  /** A status word says "not now" of a blank element too: ask which it was. */
  private <R> R onInitializedElement(Capability needed, Command<R> command)
      throws StrongroomException {
    return onPresentElement(
        (commands, info) -> {
          info.require(needed);
          requireExpectedKey(commands);
          try {
            return command.on(commands);
          } catch (ConditionsNotSatisfiedException e) {
            if (commands.status().initialized()) {
              throw e;
            }
            throw new ElementNotInitializedException();
          }
        });
  }

  private <R> R onPresentElement(Work<R> work) throws StrongroomException {
    requirePresent();
    return onChannel(work);
  }

  private void requirePresent() throws ElementNotFoundException {
    requireOpen();
    if (!device.isPresent()) {
      throw new ElementNotFoundException(uri == null ? device.name() : uri.toString());
    }
  }

  private <R> R onChannel(Work<R> work) throws StrongroomException {
    requireOpen();
    try (ElementCommands commands = device.openChannel()) {
      device.gate().enter(this);
      try {
        return work.on(commands, describe(commands));
      } finally {
        device.gate().leave();
      }
    }
  }

  private void requireOpen() {
    synchronized (sessions) {
      if (closed) {
        throw new IllegalStateException("the secure element is closed");
      }
    }
  }

  private ElementInfo describe(ElementCommands commands) throws StrongroomException {
    ElementInfo info = commands.select();
    device.require(info);
    if (info.protocolMajor() != ElementProtocol.MAJOR_VERSION) {
      throw new ProtocolVersionException(info.protocolMajor());
    }
    return info;
  }
}
