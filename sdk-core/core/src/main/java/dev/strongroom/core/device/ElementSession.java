// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.transport.ElementRemovedException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One authenticated conversation with an element, made by {@link SecureElement#login}.
 *
 * <p>File systems and files that were opened on a session stop working when it closes; they
 * register with {@link #onClose} to be told, and can still use the session while they are. {@link
 * #close()} is idempotent, every other method throws {@link IllegalStateException} afterwards.
 *
 * <p>Sessions of one element work side by side; {@link #exclusive()} keeps the others out for a
 * critical section.
 *
 * <p>Thread safety: thread-safe.
 */
public final class ElementSession implements AutoCloseable {

  /** What is done while the session lasts. */
  interface Command<R> {
    R run() throws StrongroomException;
  }

  /** OPEN to CLOSING by the first close, CLOSING to CLOSED after its last listener. */
  private enum State {
    OPEN,
    CLOSING,
    CLOSED
  }

  private static final Logger LOG = LoggerFactory.getLogger(ElementSession.class);

  /** Most bytes of an HPKE command beside its parts: two lengths of them, and the secret's. */
  private static final int HPKE_LENGTHS = 3 * Short.BYTES;

  /** As long as what RECEIVE has before the encapsulated key: the suite and the one-time id. */
  private static final Bytes RECEIVE_HEAD = Bytes.copyOf(new byte[1 + ReceiveId.LENGTH]);

  private final SecureElement element;
  private final ElementGate gate;
  private final ElementCommands commands;
  private final ElementInfo info;
  private final Object lock = new Object();
  private final Deque<Runnable> closeListeners = new ArrayDeque<>(); // guarded by lock
  private @Nullable Thread closer; // guarded by lock
  private boolean finished; // guarded by lock
  private volatile State state = State.OPEN; // written under lock
  private final List<Runnable> removalListeners = new ArrayList<>(); // guarded by lock
  private volatile @Nullable StrongroomException loss; // written under lock
  private volatile @Nullable ChannelKey channelKey;
  private final ElementKeys keys;
  private final Clock clock;
  private volatile ElementTime told = ElementTime.NONE;

  ElementSession(
      SecureElement element,
      ElementGate gate,
      ElementCommands commands,
      ElementInfo info,
      Clock clock) {
    this.element = element;
    this.gate = gate;
    this.commands = commands;
    this.info = info;
    this.clock = clock;
    this.keys =
        new ElementKeys(
            new SessionKeyStore(this, commands),
            new SessionKeyUse(this, commands),
            new SessionKeyOrders(this, commands),
            clock);
  }

  /**
   * The element that this session talks to.
   *
   * @return the element
   */
  public SecureElement element() {
    return element;
  }

  /**
   * The element's description, as it was at login.
   *
   * @return serial number, capabilities and limits
   */
  public ElementInfo info() {
    return info;
  }

  /**
   * Asks for the keys of any number of files or directories, in as few commands as the element's
   * batch limit allows.
   *
   * @param volume the volume's id, 16 bytes
   * @param requests one for each file, at least one
   * @return an answer for each request, in order; the caller closes them
   * @throws KeyNotFoundException if it has not the managed key of a request
   * @throws KeyRefusedException if the rules refuse that key; nothing was done
   * @throws DecryptionFailedException if a file key does not unwrap
   * @throws UnsupportedCapabilityException if a request has a managed key and the element has no
   *     key store
   * @throws StrongroomException if the element refuses or the link fails
   */
  public List<Grub> grub(Bytes volume, List<GrubRequest> requests) throws StrongroomException {
    int first = GrubItems.fitting(requests, info.maxBatch());
    if (requests.size() == first) {
      return batch(volume, requests);
    }
    List<Grub> answers = new ArrayList<>(requests.size());
    try {
      for (int from = 0; from < requests.size(); ) {
        List<GrubRequest> rest = requests.subList(from, requests.size());
        int count = GrubItems.fitting(rest, info.maxBatch());
        answers.addAll(batch(volume, rest.subList(0, count)));
        from += count;
      }
      return answers;
    } catch (StrongroomException | RuntimeException e) {
      answers.forEach(Grub::close);
      throw e;
    }
  }

  private List<Grub> batch(Bytes volume, List<GrubRequest> requests) throws StrongroomException {
    return run(
        () -> {
          tellTime(requests);
          return commands.grub(volume, requests);
        });
  }

  /**
   * Asks for the encryption keys of consecutive crypto pages of one file.
   *
   * @param volume the volume's id, 16 bytes
   * @param file the file, with its RND
   * @param firstPage index of the first page
   * @param count how many pages, 1 to the element's batch limit
   * @return a key for each page, in order; the caller closes them
   * @throws StrongroomException if the element refuses or the link fails
   */
  public List<SecretBytes> pageGrub(Bytes volume, GrubRequest file, long firstPage, int count)
      throws StrongroomException {
    return run(
        Capability.GRUB_PAGES,
        () -> {
          tellTime(List.of(file));
          return commands.pageGrub(volume, file, firstPage, count);
        });
  }

  /** GRUB has no place for the time, by which the keys of files may be managed ones. */
  private void tellTime(List<GrubRequest> requests) throws StrongroomException {
    if (requests.stream().allMatch(request -> request.fileKey() == null)) {
      return;
    }
    info.require(Capability.KEY_STORE);
    ElementTime now = ElementKeys.now(clock);
    if (!now.equals(told)) {
      commands.keyStore().tellTime(now);
      told = now;
    }
  }

  /**
   * Draws bytes from the element's random generator.
   *
   * @param length how many, at least 1; more than one answer holds takes several commands
   * @return the random bytes
   * @throws StrongroomException if the link fails
   */
  public byte[] random(int length) throws StrongroomException {
    if (length < 1) {
      throw new IllegalArgumentException("at least 1 random byte, not " + length);
    }
    byte[] all = new byte[length];
    for (int done = 0; done < length; ) {
      int wanted = Math.min(length - done, info.maxRandom());
      byte[] part = run(() -> commands.challenge(wanted));
      System.arraycopy(part, 0, all, done, part.length);
      done += part.length;
    }
    return all;
  }

  /**
   * Whether the element is initialised, how many tries its PINs have left, and its generation.
   *
   * @return the state at this moment
   * @throws StrongroomException if the link fails
   */
  public ElementStatus status() throws StrongroomException {
    return run(commands::status);
  }

  /**
   * What the element vouches for about a volume.
   *
   * @param volume the volume's id, 16 bytes
   * @return its slot, or empty if it has none
   * @throws UnsupportedCapabilityException if the element has no version slots
   * @throws StrongroomException if the element refuses or the link fails
   */
  public Optional<VersionSlot> readVersion(Bytes volume) throws StrongroomException {
    return run(Capability.VERSION_SLOTS, () -> commands.readVersion(volume));
  }

  /**
   * What the element vouches for about all volumes.
   *
   * @return the slots in use, in the order in which they were made
   * @throws UnsupportedCapabilityException if the element has no version slots
   * @throws StrongroomException if the element refuses or the link fails
   */
  public List<VersionSlot> versions() throws StrongroomException {
    return run(Capability.VERSION_SLOTS, commands::versions);
  }

  /**
   * Moves a volume's slot by one step, if it is where the caller thinks; of several that try at
   * once, one succeeds. A volume without a slot counts as {@link VersionSlot#none} and gets one.
   *
   * <p>When the link breaks under it, {@link #readVersion} tells whether it was executed. A refusal
   * carries no MAC, so somebody on the way can make one: if what is found is the very step that was
   * asked for, it has been made.
   *
   * @param expected the slot as it should be now
   * @param newRoot {@value VersionSlot#ROOT_LENGTH} bytes
   * @return the slot as it is afterwards
   * @throws VersionMismatchException if it is another; nothing is changed, and {@link
   *     VersionMismatchException#found()} says what there is
   * @throws NoFreeVersionSlotException if the volume has no slot and none is free
   * @throws UnsupportedCapabilityException if the element has no version slots
   * @throws StrongroomException if the element refuses or the link fails
   */
  public VersionSlot compareAndSetVersion(VersionSlot expected, Bytes newRoot)
      throws StrongroomException {
    VersionSlot.requireRoot(newRoot);
    return run(
        Capability.VERSION_SLOTS,
        () -> {
          try {
            return commands.compareAndSetVersion(expected, newRoot);
          } catch (VersionMismatchException e) {
            VersionSlot found =
                commands
                    .readVersion(expected.volume())
                    .orElseGet(() -> VersionSlot.none(expected.volume()));
            throw new VersionMismatchException(expected, found);
          }
        });
  }

  /**
   * Has the element sign with its identity's signing key.
   *
   * @param purpose what the signature is for, one {@linkplain SignaturePurpose#isForHosts for
   *     hosts}
   * @param message all of it; its SHA-256 goes to the element
   * @return the signature, 64 bytes, R | S
   * @throws IllegalArgumentException if the purpose is one that an element signs for on its own
   *     only
   * @throws UnsupportedCapabilityException if the element has no identity, or, for another purpose
   *     than {@link SignaturePurpose#DOCUMENT}, no card
   * @throws StrongroomException if the element refuses or the link fails
   */
  public Bytes sign(SignaturePurpose purpose, byte[] message) throws StrongroomException {
    if (!purpose.isForHosts()) {
      throw new IllegalArgumentException("no element signs for a host with purpose " + purpose);
    }
    return run(
        purpose == SignaturePurpose.DOCUMENT ? Capability.IDENTITY : Capability.CARD,
        () -> commands.sign(purpose, IdentitySignature.digest(message)));
  }

  /**
   * Asks for the element's signed statement about itself; the caller verifies it.
   *
   * @param challenge 16 to 64 bytes, never used before
   * @return statement and signature
   * @throws UnsupportedCapabilityException if the element makes no statements
   * @throws StrongroomException if the element refuses or the link fails
   */
  public Attestation attest(Bytes challenge) throws StrongroomException {
    return run(Capability.ATTESTATION, () -> commands.attest(challenge));
  }

  /**
   * Gets the secret that a sender exports from its HPKE context with this element's key of a suite
   * (RFC 9180, 5.3), {@link dev.strongroom.core.crypto.Hpke.Aead#EXPORT_ONLY}.
   *
   * @param suite one of {@link ElementInfo#suites()}
   * @param enc the sender's encapsulated key, as long as the suite says
   * @param info what the context is for; the sender gives {@link ElementProtocol#hpkeInfo} of it
   * @param exporterContext what the secret is for
   * @param length 1 to {@value ElementProtocol#MAX_EXPORT}
   * @return the secret, which the caller closes
   * @throws IllegalArgumentException if all of it is longer than one command takes, {@value
   *     ElementProtocol#MAX_DATA} bytes with lengths
   * @throws DecryptionFailedException if enc is no encapsulated key of the suite
   * @throws UnsupportedCapabilityException if the element has no key of the suite
   * @throws StrongroomException if the element refuses or the link fails
   */
  public SecretBytes hpkeExport(
      HpkeSuite suite, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException {
    requireFits(enc, info, exporterContext);
    return run(
        Capability.IDENTITY,
        () -> {
          requireSuite(suite);
          return commands.hpkeExport(suite, enc, info, exporterContext, length);
        });
  }

  /**
   * Opens a message that was encrypted to this element's key of a suite by HPKE, {@link
   * dev.strongroom.core.crypto.Hpke.Aead#AES_256_GCM}, the first of its context.
   *
   * @param suite one of {@link ElementInfo#suites()}
   * @param enc the sender's encapsulated key, as long as the suite says
   * @param info what the context is for; the sender gives {@link ElementProtocol#hpkeInfo} of it
   * @param aad authenticated with the message
   * @param ciphertext with tag
   * @return the message, which the caller closes
   * @throws IllegalArgumentException if all of it is longer than one command takes, {@value
   *     ElementProtocol#MAX_DATA} bytes with lengths
   * @throws DecryptionFailedException if it does not open
   * @throws UnsupportedCapabilityException if the element has no key of the suite
   * @throws StrongroomException if the element refuses or the link fails
   */
  public SecretBytes hpkeOpen(HpkeSuite suite, Bytes enc, Bytes info, Bytes aad, Bytes ciphertext)
      throws StrongroomException {
    requireFits(enc, info, aad, ciphertext);
    return run(
        Capability.IDENTITY,
        () -> {
          requireSuite(suite);
          return commands.hpkeOpen(suite, enc, info, aad, ciphertext);
        });
  }

  /**
   * Begins to receive something that can be received once: the element notes its one-time id as
   * pending, durably, and gives the secret that the sender exports from its HPKE context with this
   * element's key of a suite, {@link dev.strongroom.core.crypto.Hpke.Aead#EXPORT_ONLY}.
   *
   * <p>As long as it is pending it can be begun again and gives the same secret, so what was
   * interrupted goes on. {@link #endReceive} ends it. The element does not know who made enc: the
   * caller verifies the sender's signature before.
   *
   * @param suite one of {@link ElementInfo#suites()}
   * @param id what is received; with another one the secret is another
   * @param enc the sender's encapsulated key, as long as the suite says
   * @param info what the context is for; the sender gives {@link ElementProtocol#receiveInfo} of id
   *     and this
   * @param exporterContext what the secret is for
   * @param length 1 to {@value ElementProtocol#MAX_EXPORT}
   * @return the secret, which the caller closes
   * @throws IllegalArgumentException if all of it is longer than one command takes, {@value
   *     ElementProtocol#MAX_DATA} bytes with lengths
   * @throws AlreadyReceivedException if it was received before; nothing is changed
   * @throws RegisterFullException if the register has no room; nothing is changed
   * @throws DecryptionFailedException if enc is no encapsulated key of the suite; nothing is
   *     changed
   * @throws UnsupportedCapabilityException if the element has no receive register, or no key of the
   *     suite
   * @throws StrongroomException if the element refuses or the link fails
   */
  public SecretBytes beginReceive(
      HpkeSuite suite, ReceiveId id, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException {
    requireFits(RECEIVE_HEAD, enc, info, exporterContext);
    return run(
        Capability.RECEIVE_REGISTER,
        () -> {
          requireSuite(suite);
          try {
            return commands.beginReceive(suite, id, enc, info, exporterContext, length);
          } catch (RegisterFullException e) {
            throw new RegisterFullException(commands.receiveRegister().fullFor(id.sender()));
          }
        });
  }

  /**
   * Ends what {@link #beginReceive} has begun, when it was received or is given up: from then on it
   * counts as received. Ending it again changes nothing, so that a caller who lost the answer does
   * it again.
   *
   * @param id what was begun
   * @throws ReceiveNotFoundException if it has not begun; nothing is changed
   * @throws UnsupportedCapabilityException if the element has no receive register
   * @throws StrongroomException if the element refuses or the link fails
   */
  public void endReceive(ReceiveId id) throws StrongroomException {
    run(
        Capability.RECEIVE_REGISTER,
        () -> {
          commands.endReceive(id);
          return id;
        });
  }

  /**
   * What the element has received and begun to receive.
   *
   * @return its register
   * @throws UnsupportedCapabilityException if the element has no receive register
   * @throws StrongroomException if the element refuses or the link fails
   */
  public ReceiveRegister receiveRegister() throws StrongroomException {
    return run(Capability.RECEIVE_REGISTER, commands::receiveRegister);
  }

  /**
   * The element's key store. Elements without one have it refuse every command.
   *
   * @return managed keys
   */
  public ElementKeys keys() {
    return keys;
  }

  /**
   * Replaces the element's trust anchor by its next version.
   *
   * @param update signed by enough of the present and of the new roots
   * @throws ConditionsNotSatisfiedException if there is no anchor, or it is not the next version
   * @throws TrustAnchorRefusedException if a signature is wrong or there are too few
   * @throws UnsupportedCapabilityException if the element keeps no trust anchor
   * @throws StrongroomException if the element refuses or the link fails
   */
  public void updateTrustAnchor(TrustAnchorUpdate update) throws StrongroomException {
    run(
        Capability.TRUST_ANCHOR,
        () -> {
          commands.updateTrustAnchor(update);
          return update;
        });
  }

  /**
   * Has the element wrap a secret for another one; only that one can open it.
   *
   * @param administratorPin UTF-8
   * @param kind which secret
   * @param challenge what the receiver gave by {@link #importChallenge}
   * @param receiver who shall get it
   * @return the wrapped secret
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws PinBlockedException if the administrator PIN has no try left
   * @throws PinFormatException if it is too short or too long; no try is used
   * @throws ConditionsNotSatisfiedException if this element waits for master keys itself, or the
   *     receiver is of a lower class, or pinned although this element has a trust anchor
   * @throws UntrustedPeerException if the receiver's chain does not verify
   * @throws UnsupportedCapabilityException if the element gives no secrets
   * @throws StrongroomException if the element refuses or the link fails
   */
  public WrappedSecret exportSecret(
      SecretBytes administratorPin, SecretKind kind, Bytes challenge, Peer receiver)
      throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    return run(
        Capability.SECRET_TRANSPORT,
        () -> {
          element.requireExpectedKey(commands);
          return commands.exportSecret(administratorPin, kind, challenge, receiver);
        });
  }

  /**
   * Asks the element for the challenge that a secret for it has to answer.
   *
   * @param kind which secret shall come
   * @return 32 bytes, good for one import until the element is switched off
   * @throws UnsupportedCapabilityException if the element takes no secrets
   * @throws StrongroomException if the element refuses or the link fails
   */
  public Bytes importChallenge(SecretKind kind) throws StrongroomException {
    return run(Capability.SECRET_TRANSPORT, () -> commands.importChallenge(kind));
  }

  /**
   * Gives the element a secret that another one has wrapped for it. With {@link
   * SecretKind#MASTER_KEYS} it becomes that one's twin, and derives the same file keys.
   *
   * @param administratorPin UTF-8
   * @param sender whom it shall come from
   * @param secret the wrapped secret
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws PinBlockedException if the administrator PIN has no try left
   * @throws PinFormatException if it is too short or too long; no try is used
   * @throws ConditionsNotSatisfiedException if the element does not wait for it, the secret does
   *     not answer its last challenge, or the sender is pinned although there is a trust anchor
   * @throws UntrustedPeerException if it comes from another sender, is for another receiver, or a
   *     signature is wrong
   * @throws UnsupportedCapabilityException if the element takes no secrets
   * @throws StrongroomException if the element refuses or the link fails
   */
  public void importSecret(SecretBytes administratorPin, Peer sender, WrappedSecret secret)
      throws StrongroomException {
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    run(
        Capability.SECRET_TRANSPORT,
        () -> {
          element.requireExpectedKey(commands);
          commands.importSecret(administratorPin, sender, secret);
          return secret;
        });
  }

  /**
   * The key by which the element is recognised, for a host to pin: proved by the secure channel of
   * this session where there is one, otherwise read from the element the first time.
   *
   * @return the element's channel key, or empty if it has none
   * @throws StrongroomException if the link fails
   */
  public Optional<ChannelKey> channelKey() throws StrongroomException {
    if (!info.capabilities().contains(Capability.SECURE_CHANNEL)) {
      return Optional.empty();
    }
    ChannelKey known = channelKey;
    if (known == null) {
      known = run(() -> element.channelKey(commands));
      channelKey = known;
    }
    return Optional.of(known);
  }

  /**
   * Holds the element for a critical section: commands of other sessions wait until the hold is
   * closed, those of this session go on, from every thread. Waits for commands under way and for
   * another holder. A thread may hold it again for the same session. Closing the session ends it.
   *
   * @return closed to end the critical section
   * @throws IllegalStateException if the session is closed, or the thread holds the element for
   *     another session
   */
  public ElementHold exclusive() {
    requireOpen();
    gate.hold(this);
    ElementHold hold = new ElementHold(gate, this);
    if (state == State.CLOSED) {
      hold.close();
      requireOpen();
    }
    return hold;
  }

  /**
   * Whether the session can still be used.
   *
   * @return false once {@link #close()} has told everybody, and when the element has gone
   */
  public boolean isOpen() {
    return state != State.CLOSED && loss == null;
  }

  /**
   * Why the session ended without being closed: the element was removed, or the secure channel in
   * which it logged in broke. It stays lost when the element comes back.
   *
   * @return the error that every command answers from then on, made anew for each caller; or empty
   */
  public Optional<StrongroomException> loss() {
    return Optional.ofNullable(loss).map(ElementSession::again);
  }

  /**
   * Registers what is to be done when the session is lost, at once if it is lost already. Closing
   * is no loss.
   *
   * @param listener run once, on a thread of the transport or of whoever noticed it, in order of
   *     registration; must not block
   */
  public void onRemoved(Runnable listener) {
    synchronized (lock) {
      if (loss == null) {
        removalListeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /**
   * Registers what is to be done when the session closes, before the element forgets the login. On
   * a closed session it is done at once.
   *
   * @param listener run once, on the closing thread, in reverse order of registration; what it
   *     throws reaches the caller of {@code close} after all listeners have run
   */
  public void onClose(Runnable listener) {
    synchronized (lock) {
      if (state != State.CLOSED) {
        closeListeners.addLast(listener);
        return;
      }
    }
    listener.run();
  }

  /**
   * Closes what was opened on this session, then logs out. Idempotent: a second caller waits until
   * the first has finished, except a listener, which returns at once.
   */
  @Override
  public void close() {
    synchronized (lock) {
      if (state != State.OPEN) {
        if (closer != Thread.currentThread()) {
          awaitFinished();
        }
        return;
      }
      state = State.CLOSING;
      closer = Thread.currentThread();
    }
    Throwable failure = null;
    try {
      for (Runnable listener = nextListener(); listener != null; listener = nextListener()) {
        try {
          listener.run();
        } catch (RuntimeException | Error e) {
          failure = combine(failure, e);
        }
      }
      gate.releaseAll(this);
      element.forget(this);
      commands.close();
    } catch (RuntimeException | Error e) {
      failure = combine(failure, e);
    } finally {
      synchronized (lock) {
        finished = true;
        lock.notifyAll();
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** The newest listener; with none left the session is closed in the same step. */
  private @Nullable Runnable nextListener() {
    synchronized (lock) {
      Runnable listener = closeListeners.pollLast();
      if (listener == null) {
        state = State.CLOSED;
      }
      return listener;
    }
  }

  private void awaitFinished() {
    boolean interrupted = false;
    synchronized (lock) {
      while (!finished) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** An element refuses what is too long without having counted it, and the channel is over. */
  private static void requireFits(Bytes... parts) {
    int length = HPKE_LENGTHS;
    for (Bytes part : parts) {
      length += part.length();
    }
    if (length > ElementProtocol.MAX_DATA) {
      throw new IllegalArgumentException(
          "one command takes "
              + ElementProtocol.MAX_DATA
              + " bytes with lengths, not "
              + length
              + "; encrypt a key with HPKE, and the message with that");
    }
  }

  private void requireSuite(HpkeSuite suite) throws UnsupportedCapabilityException {
    if (!info.suites().contains(suite)) {
      throw new UnsupportedCapabilityException(suite);
    }
  }

  /** Runs a command that an element may lack. */
  <R> R run(Capability needed, Command<R> command) throws StrongroomException {
    return run(
        () -> {
          info.require(needed);
          return command.run();
        });
  }

  /** Ends the session, whose login is gone; only the first reason counts. */
  void lose(StrongroomException reason) {
    List<Runnable> listeners;
    synchronized (lock) {
      if (loss != null || state == State.CLOSED) {
        return;
      }
      loss = reason;
      listeners = List.copyOf(removalListeners);
      removalListeners.clear();
    }
    for (Runnable listener : listeners) {
      try {
        listener.run();
      } catch (RuntimeException e) {
        LOG.warn("a listener failed when the session was lost", e);
      }
    }
  }

  private <R> R run(Command<R> command) throws StrongroomException {
    gate.enter(this);
    try {
      requireOpen();
      StrongroomException lost = loss;
      if (lost != null) {
        throw again(lost);
      }
      return command.run();
    } catch (ElementRemovedException | SecureChannelException e) {
      lose(e);
      throw e;
    } finally {
      gate.leave();
    }
  }

  /** An error of the caller's own, which others cannot add to. */
  private static StrongroomException again(StrongroomException lost) {
    return lost instanceof ElementRemovedException removed
        ? new ElementRemovedException(removed.element())
        : new SecureChannelException(
            ((SecureChannelException) lost).element(),
            SecureChannelException.Reason.SESSION_LOST,
            lost);
  }

  private void requireOpen() {
    if (state == State.CLOSED) {
      throw new IllegalStateException("the element session is closed");
    }
  }

  private static Throwable combine(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }
}
