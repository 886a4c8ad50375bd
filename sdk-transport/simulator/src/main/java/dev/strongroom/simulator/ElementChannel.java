// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.device.MasterKeysMissingException;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecurityStatusException;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.AttestationStatement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.transport.ElementRemovedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One channel to the application, with its own security status: a {@link Login} while the user is
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

  /** A command that needs the user's PIN. */
  interface LoginCommand<R> {
    R on(Login login) throws StrongroomException;
  }

  private interface KeyCommand<R> {
    R on(MasterKeys keys);
  }

  private static final int SMALL = 64;

  /** Where there is no secure channel, ATTEST names this receipt. */
  private static final Bytes NO_RECEIPT =
      Bytes.copyOf(new byte[AttestationStatement.RECEIPT_LENGTH]);

  /** Nothing was refused. */
  private static final Bytes NO_REFUSAL = Bytes.copyOf(new byte[KeyRefusal.LENGTH]);

  private final ElementApplication application;
  private final VersionCommands versions;
  private final IdentityCommands identity;
  private final TrustCommands trust;
  private final SecretCommands secrets;
  private final ReceiveCommands receive;
  private final ManagedFileKeys fileKeys;
  private final ElementKeyStore keyStore;
  private final ElementKeyUse keyUse;
  private final ElementKeyOrders keyOrders;
  private volatile Bytes refusal = NO_REFUSAL;
  private volatile @Nullable Login login; // written under this
  private volatile boolean closed; // written under this

  ElementChannel(ElementApplication application) {
    this.application = application;
    this.versions = new VersionCommands(application);
    this.identity = new IdentityCommands(application);
    this.trust = new TrustCommands(application);
    this.secrets = new SecretCommands(application);
    this.receive = new ReceiveCommands(application);
    this.fileKeys = new ManagedFileKeys(application);
    this.keyStore = new ElementKeyStore(this, application);
    this.keyUse = new ElementKeyUse(this, application);
    this.keyOrders = new ElementKeyOrders(this, application);
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
    initialize(userPin, administratorPin, LifeCycle.INITIALIZED);
  }

  @Override
  public void initializeTwin(SecretBytes userPin, SecretBytes administratorPin)
      throws StrongroomException {
    initialize(userPin, administratorPin, LifeCycle.AWAITING_TWIN);
  }

  private void initialize(SecretBytes userPin, SecretBytes administratorPin, LifeCycle becoming)
      throws StrongroomException {
    run(
        ElementProtocol.INS_INITIALIZE,
        Role.USER,
        SMALL,
        () -> {
          Role.USER.requirePinFormat(userPin);
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          application.initialize(userPin, administratorPin, becoming);
          return true;
        });
  }

  @Override
  public void wipe(SecretBytes administratorPin) throws StrongroomException {
    run(
        ElementProtocol.INS_WIPE,
        Role.ADMINISTRATOR,
        SMALL,
        () -> {
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          application.wipe(administratorPin);
          return true;
        });
  }

  @Override
  public void wipeBlocked() throws StrongroomException {
    run(
        ElementProtocol.INS_WIPE,
        Role.ADMINISTRATOR,
        SMALL,
        () -> {
          application.wipeBlocked();
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
          Login verified = application.verify(role, pin);
          if (role == Role.USER) {
            replaceLogin(verified);
          } else {
            // No command of this version needs the administrator's status on the channel.
            application.ended(verified);
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
        () ->
            requests.stream().allMatch(request -> request.fileKey() == null)
                ? onKeys(keys -> keys.grub(volume, requests, application.random()))
                : managedGrub(volume, requests));
  }

  /** GRUB of which not all comes from the master keys; all of it or nothing is answered. */
  private List<Grub> managedGrub(Bytes volume, List<GrubRequest> requests)
      throws StrongroomException {
    List<Grub> answers = new ArrayList<>(requests.size());
    try {
      for (GrubRequest request : requests) {
        ManagedFileKey key = request.fileKey();
        if (key == null) {
          answers.addAll(onKeys(keys -> keys.grub(volume, List.of(request), application.random())));
        } else {
          answers.add(
              withLogin(
                  ElementProtocol.INS_GRUB, login -> fileKeys.grub(login, volume, request, key)));
        }
      }
      return answers;
    } catch (KeyRefusedException e) {
      int item = answers.size();
      answers.forEach(Grub::close);
      throw KeyRefusedException.of(e.refusal().at(item));
    } catch (StrongroomException | RuntimeException e) {
      answers.forEach(Grub::close);
      throw e;
    }
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
    ManagedFileKey key = file.fileKey();
    return run(
        ElementProtocol.INS_GRUB,
        Role.USER,
        ElementProtocol.PAGE_REQUEST_LENGTH + count * ElementProtocol.PAGE_KEY_LENGTH,
        () ->
            key == null
                ? onKeys(
                    keys -> keys.pages(volume, file.uid(), rnd, file.epoch(), firstPage, count))
                : withLogin(
                    ElementProtocol.INS_GRUB,
                    login -> fileKeys.pages(login, volume, file, key, firstPage, count)));
  }

  @Override
  public Optional<VersionSlot> readVersion(Bytes volume) throws StrongroomException {
    requireVolume(volume);
    return onLogin(ElementProtocol.INS_READ_VERSION, SMALL, login -> versions.read(login, volume));
  }

  @Override
  public List<VersionSlot> versions() throws StrongroomException {
    return onLogin(
        ElementProtocol.INS_READ_VERSION,
        VersionSlots.COUNT * ElementProtocol.VERSION_SLOT_LENGTH,
        versions::all);
  }

  @Override
  public VersionSlot compareAndSetVersion(VersionSlot expected, Bytes newRoot)
      throws StrongroomException {
    VersionSlot next = expected.next(newRoot);
    return onLogin(
        ElementProtocol.INS_COMPARE_AND_SET_VERSION,
        ElementProtocol.COMPARE_AND_SET_LENGTH,
        login -> versions.compareAndSet(login, expected, next.root()));
  }

  @Override
  public void releaseVersion(SecretBytes administratorPin, Bytes volume)
      throws StrongroomException {
    requireVolume(volume);
    run(
        ElementProtocol.INS_RELEASE_VERSION,
        Role.ADMINISTRATOR,
        SMALL,
        () -> {
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          versions.release(administratorPin, volume);
          return true;
        });
  }

  @Override
  public ElementIdentity identity() throws StrongroomException {
    return run(ElementProtocol.INS_GET_DATA, Role.USER, 12 * SMALL, identity::identity);
  }

  /** GET DATA: the certificates as they go over the wire. */
  Bytes certificates() throws StrongroomException {
    return run(ElementProtocol.INS_GET_DATA, Role.USER, 12 * SMALL, identity::certificates);
  }

  @Override
  public ElementCard card() throws StrongroomException {
    return run(ElementProtocol.INS_GET_DATA, Role.USER, 24 * SMALL, identity::card);
  }

  /** GET DATA: the card as it goes over the wire. */
  Bytes encodedCard() throws StrongroomException {
    return run(ElementProtocol.INS_GET_DATA, Role.USER, 24 * SMALL, identity::encodedCard);
  }

  @Override
  public Bytes sign(SignaturePurpose purpose, Bytes digest) throws StrongroomException {
    IdentitySignature.requireDigest(digest);
    if (!purpose.isForHosts()) {
      throw new IllegalArgumentException("no element signs for a host with purpose " + purpose);
    }
    return onLogin(
        ElementProtocol.INS_SIGN, 2 * SMALL, login -> identity.sign(login, purpose, digest));
  }

  @Override
  public Attestation attest(Bytes challenge) throws StrongroomException {
    return attest(challenge, NO_RECEIPT);
  }

  /** ATTEST in the secure channel of a receipt. */
  Attestation attest(Bytes challenge, Bytes receipt) throws StrongroomException {
    AttestationStatement.requireChallenge(challenge);
    return onLogin(
        ElementProtocol.INS_ATTEST, 4 * SMALL, login -> identity.attest(login, challenge, receipt));
  }

  @Override
  public SecretBytes hpkeExport(
      HpkeSuite suite, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException {
    requireExport(length);
    suite.requireEncLength(enc);
    return onLogin(
        ElementProtocol.INS_HPKE,
        SMALL + enc.length() + length,
        login ->
            IdentityCommands.hpkeExport(
                login.receiver(suite),
                enc,
                ElementProtocol.hpkeInfo(info),
                exporterContext,
                length));
  }

  @Override
  public SecretBytes hpkeOpen(HpkeSuite suite, Bytes enc, Bytes info, Bytes aad, Bytes ciphertext)
      throws StrongroomException {
    suite.requireEncLength(enc);
    return onLogin(
        ElementProtocol.INS_HPKE,
        SMALL + enc.length() + 2 * ciphertext.length(),
        login ->
            IdentityCommands.hpkeOpen(
                login.receiver(suite), enc, ElementProtocol.hpkeInfo(info), aad, ciphertext));
  }

  @Override
  public SecretBytes beginReceive(
      HpkeSuite suite, ReceiveId id, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException {
    requireExport(length);
    suite.requireEncLength(enc);
    return onLogin(
        ElementProtocol.INS_RECEIVE,
        2 * SMALL + enc.length() + length,
        login -> receive.begin(login, suite, id, enc, info, exporterContext, length));
  }

  @Override
  public void endReceive(ReceiveId id) throws StrongroomException {
    onLogin(
        ElementProtocol.INS_RECEIVE,
        SMALL,
        login -> {
          receive.end(login, id);
          return true;
        });
  }

  @Override
  public ReceiveRegister receiveRegister() throws StrongroomException {
    return onLogin(ElementProtocol.INS_RECEIVE, 74 * SMALL, receive::register);
  }

  @Override
  public void forgetSender(SecretBytes administratorPin, Bytes sender) throws StrongroomException {
    ReceiveId.requireSender(sender);
    run(
        ElementProtocol.INS_FORGET_SENDER,
        Role.ADMINISTRATOR,
        SMALL,
        () -> {
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          receive.forget(administratorPin, sender);
          return true;
        });
  }

  @Override
  public Optional<TrustAnchor> trustAnchor() throws StrongroomException {
    return run(ElementProtocol.INS_GET_DATA, Role.USER, 8 * SMALL, trust::anchor);
  }

  @Override
  public void setTrustAnchor(SecretBytes administratorPin, TrustAnchor anchor)
      throws StrongroomException {
    run(
        ElementProtocol.INS_TRUST_ANCHOR,
        Role.ADMINISTRATOR,
        TrustAnchor.MAX_LENGTH,
        () -> {
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          trust.set(administratorPin, anchor);
          return true;
        });
  }

  @Override
  public void updateTrustAnchor(TrustAnchorUpdate update) throws StrongroomException {
    onLogin(
        ElementProtocol.INS_TRUST_ANCHOR,
        TrustAnchor.MAX_LENGTH,
        login -> {
          trust.update(login, update);
          return true;
        });
  }

  @Override
  public WrappedSecret exportSecret(
      SecretBytes administratorPin, SecretKind kind, Bytes challenge, Peer receiver)
      throws StrongroomException {
    WrappedSecret.requireChallenge(challenge);
    return onLogin(
        ElementProtocol.INS_EXPORT_SECRET,
        Role.ADMINISTRATOR,
        12 * SMALL,
        login -> {
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          return secrets.export(login, administratorPin, kind, challenge, receiver);
        });
  }

  @Override
  public Bytes importChallenge(SecretKind kind) throws StrongroomException {
    return onLogin(ElementProtocol.INS_IMPORT_SECRET, SMALL, login -> secrets.challenge(kind));
  }

  @Override
  public void importSecret(SecretBytes administratorPin, Peer sender, WrappedSecret secret)
      throws StrongroomException {
    onLogin(
        ElementProtocol.INS_IMPORT_SECRET,
        Role.ADMINISTRATOR,
        12 * SMALL,
        login -> {
          Role.ADMINISTRATOR.requirePinFormat(administratorPin);
          secrets.importSecret(login, administratorPin, sender, secret);
          return true;
        });
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
    return now != null && now.epoch() == application.epoch();
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
    refusal = NO_REFUSAL;
    if (before != null) {
      application.ended(before);
    }
    if (next != null && closed) {
      login = null;
      application.ended(next);
    }
  }

  /** A command that needs the user's PIN and carries none. */
  <R> R onLogin(int ins, int bytes, LoginCommand<R> command) throws StrongroomException {
    return onLogin(ins, Role.USER, bytes, command);
  }

  /** A command that needs the user's PIN; the role is whose PIN it carries itself. */
  <R> R onLogin(int ins, Role role, int bytes, LoginCommand<R> command) throws StrongroomException {
    return run(ins, role, bytes, () -> withLogin(ins, command));
  }

  private <R> R withLogin(int ins, LoginCommand<R> command) throws StrongroomException {
    Login now = requireLogin(ins);
    try {
      return command.on(now);
    } catch (IllegalStateException e) {
      // Its keys have gone under it: say why, if it was not this channel's own doing.
      requireLogin(ins);
      throw e;
    }
  }

  /** GRUB: in the middle of it, a login is looked at once and no lock taken. */
  private <R> R onKeys(KeyCommand<R> command) throws StrongroomException {
    Login now = login;
    if (now == null || now.epoch() != application.epoch()) {
      now = requireLogin(ElementProtocol.INS_GRUB);
    }
    try {
      MasterKeys keys = now.masterKeys();
      return command.on(keys == null ? now.adopt(laterMasterKeys(now)) : keys);
    } catch (IllegalStateException e) {
      requireLogin(ElementProtocol.INS_GRUB);
      throw e;
    }
  }

  /** The master keys that have come since the login, on this channel or on another. */
  private MasterKeys laterMasterKeys(Login now) throws StrongroomException {
    return application.read(
        now,
        state -> {
          MasterKeys keys = state.masterKeys();
          if (keys == null) {
            throw new MasterKeysMissingException();
          }
          return keys;
        });
  }

  private Login requireLogin(int ins) throws StrongroomException {
    Login now = login;
    if (now != null && now.epoch() == application.epoch()) {
      return now;
    }
    if (now != null && now.powerCycle() != application.powerCycle()) {
      throw new ElementRemovedException(application.name());
    }
    try {
      application.requireInitialized();
    } catch (ElementNotInitializedException e) {
      throw ins == ElementProtocol.INS_GRUB ? new MasterKeysMissingException() : e;
    }
    throw new SecurityStatusException(ins);
  }

  private <R> R run(int ins, Role role, int bytes, Command<R> command) throws StrongroomException {
    if (closed) {
      throw new IllegalStateException("the channel to the element is closed");
    }
    application.count();
    Faults faults = application.faults();
    if (faults == null) {
      return execute(command);
    }
    int number = faults.before(ins, role, bytes);
    R result = execute(command);
    faults.after(number);
    return result;
  }

  private <R> R execute(Command<R> command) throws StrongroomException {
    try {
      return command.run();
    } catch (KeyRefusedException e) {
      remember(e.refusal());
      throw e;
    }
  }

  /** READ REFUSAL tells it, until another one or another login comes. */
  void remember(KeyRefusal refused) {
    refusal = refused.encode();
  }

  /**
   * READ REFUSAL: why the rules have refused something last in this login, zeros if they have not.
   */
  Bytes refusal() throws StrongroomException {
    return onLogin(KeyStoreProtocol.INS_QUERY, SMALL, login -> refusal);
  }

  @Override
  public ElementKeyStore keyStore() {
    return keyStore;
  }

  @Override
  public ElementKeyUse keyUse() {
    return keyUse;
  }

  @Override
  public ElementKeyOrders keyOrders() {
    return keyOrders;
  }

  private static void requireExport(int length) {
    if (length < 1 || length > ElementProtocol.MAX_EXPORT) {
      throw new IllegalArgumentException("1 to 255 exported bytes, not " + length);
    }
  }

  private static void requireVolume(Bytes volume) {
    if (volume.length() != ElementProtocol.VOLUME_ID_LENGTH) {
      throw new IllegalArgumentException("a volume id has 16 bytes, not " + volume.length());
    }
  }
}
