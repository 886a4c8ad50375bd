// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.Kdf;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.ElementAlreadyInitializedException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementEditedException;
import dev.strongroom.core.device.ElementFullException;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.PinBlockedException;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.simulator.keystore.KeyTable;
import dev.strongroom.simulator.keystore.ManagedKeys;
import dev.strongroom.simulator.keystore.StoreDraft;
import dev.strongroom.simulator.records.KeyMemory;
import dev.strongroom.simulator.records.PageCipher;
import dev.strongroom.simulator.records.RecordIndex;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The element application: power, life cycle and PINs, and the state that commands read and change,
 * for all channels.
 *
 * <p>Thread safety: thread-safe. State changes go one at a time under {@code lock}, as in an
 * element; file and page keys are derived without it.
 */
final class ElementApplication {

  private static final String FILE_ROOT = "file";
  private static final int KEY = Kdf.KEY_LENGTH;

  /** A file can be copied. */
  static final ElementClass ELEMENT_CLASS = ElementClass.SOFTWARE;

  private final ElementMemory memory;
  private final KeyMemory keyMemory;
  private final ManagedKeys managedKeys = new ManagedKeys();
  private final SimulatedElementOptions options;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final LongAdder commands = new LongAdder();
  private final Bytes blankSerialNumber;
  private @Nullable DeviceKey blankDeviceKey; // guarded by lock; made when first needed
  private @Nullable ChannelIdentity channelIdentity; // guarded by lock; read when first needed
  private final ImportChallenge importChallenge = new ImportChallenge();
  private final Set<Login> logins = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Faults faults;
  private volatile boolean powered = true;
  private volatile boolean closed;
  private final AtomicLong powerCycle = new AtomicLong();
  private final AtomicLong epoch = new AtomicLong();

  ElementApplication(ElementStore store, SimulatedElementOptions options, String name) {
    this.memory = new ElementMemory(store, name, () -> faults, this::powerOff);
    this.keyMemory = new KeyMemory(memory, options.keyMemory(), options.leastKeyMemory());
    this.options = options;
    this.name = name;
    byte[] serialNumber = new byte[ElementInfo.SERIAL_NUMBER_LENGTH];
    options.random().nextBytes(serialNumber);
    this.blankSerialNumber = Bytes.copyOf(serialNumber);
  }

  String name() {
    return name;
  }

  SecureRandom random() {
    return options.random();
  }

  long commands() {
    return commands.sum();
  }

  long powerCycle() {
    return powerCycle.get();
  }

  /** Grows with whatever ends all logins: power and WIPE. */
  long epoch() {
    return epoch.get();
  }

  void inject(FaultPlan plan) {
    faults = plan == FaultPlan.none() ? null : new Faults(plan, name);
  }

  @Nullable Faults faults() {
    return faults;
  }

  /** Counts a command; refuses it when the element has no power. */
  void count() throws ElementRemovedException {
    requirePower();
    commands.increment();
  }

  void requirePower() throws ElementRemovedException {
    if (closed) {
      throw new IllegalStateException("the secure element is closed");
    }
    if (!powered) {
      throw new ElementRemovedException(name);
    }
  }

  void powerOn() {
    lock.lock();
    try {
      powerCycle.incrementAndGet();
      epoch.incrementAndGet();
      importChallenge.forget();
      managedKeys.clear();
      keyMemory.forget();
      memory.forget();
      channelIdentity = null;
      powered = true;
    } finally {
      lock.unlock();
    }
  }

  void powerOff() {
    lock.lock();
    try {
      powerCycle.incrementAndGet();
      epoch.incrementAndGet();
      importChallenge.forget();
      managedKeys.clear();
      keyMemory.forget();
      memory.forget();
      powered = false;
    } finally {
      lock.unlock();
    }
  }

  void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      powerCycle.incrementAndGet();
      epoch.incrementAndGet();
      importChallenge.forget();
      managedKeys.clear();
      keyMemory.forget();
      memory.close();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is anything on the store. */
  boolean exists() {
    lock.lock();
    try {
      return memory.exists();
    } catch (IOException e) {
      // Let the command that comes report it.
      return true;
    } finally {
      lock.unlock();
    }
  }

  ElementInfo info() throws StrongroomException {
    lock.lock();
    try {
      ElementImage now = memory.load();
      Bytes serialNumber = now == null ? blankSerialNumber : now.serialNumber();
      return new ElementInfo(
          ElementProtocol.MAJOR_VERSION,
          ElementProtocol.MINOR_VERSION,
          serialNumber,
          EnumSet.allOf(Capability.class),
          ElementProtocol.MAX_BATCH,
          ElementProtocol.MAX_RANDOM,
          VersionSlots.COUNT,
          ELEMENT_CLASS,
          EnumSet.allOf(HpkeSuite.class),
          EnumSet.allOf(KeyAlgorithm.class),
          "simulated element, " + cost(now, Role.USER));
    } finally {
      lock.unlock();
    }
  }

  ElementStatus status() throws StrongroomException {
    lock.lock();
    try {
      ElementImage now = memory.load();
      if (now == null) {
        return new ElementStatus(
            LifeCycle.BLANK, options.userTries(), options.administratorTries(), 0);
      }
      if (now.lifeCycle() == LifeCycle.BLANK) {
        return new ElementStatus(
            LifeCycle.BLANK, options.userTries(), options.administratorTries(), now.generation());
      }
      return new ElementStatus(
          now.lifeCycle(),
          now.userSlot() == null ? 0 : now.user().left(),
          now.administratorSlot() == null ? 0 : now.administrator().left(),
          now.generation());
    } finally {
      lock.unlock();
    }
  }

  /** The channel key, which a blank element has in memory until INITIALIZE stores it. */
  ChannelIdentity channelIdentity() throws StrongroomException {
    lock.lock();
    try {
      ElementImage now = memory.load();
      ChannelIdentity known = channelIdentity;
      if (known == null) {
        known =
            now == null
                ? ChannelIdentity.of(blankSerialNumber, blankDeviceKey())
                : ChannelIdentity.of(now);
        channelIdentity = known;
      }
      return known;
    } catch (IllegalArgumentException e) {
      throw new ElementDamagedException("the secure channel key", e);
    } finally {
      lock.unlock();
    }
  }

  private DeviceKey blankDeviceKey() {
    DeviceKey key = blankDeviceKey;
    if (key == null) {
      key = DeviceKey.generate(blankSerialNumber, options.clock().instant(), options.random());
      blankDeviceKey = key;
    }
    return key;
  }

  /** INITIALIZE; a twin makes no master keys, since it is to get another element's. */
  void initialize(SecretBytes userPin, SecretBytes administratorPin, LifeCycle becoming)
      throws StrongroomException {
    SecureRandom random = options.random();
    lock.lock();
    try (StateKey stateKey = StateKey.generate(random);
        SealedState secrets = new SealedState()) {
      ElementImage before = memory.load();
      if (before != null && before.lifeCycle() != LifeCycle.BLANK) {
        throw new ElementAlreadyInitializedException();
      }
      ElementImage blank = before == null ? neverInitialized() : withFreshRoot(before);
      if (becoming == LifeCycle.INITIALIZED) {
        secrets.setMasterKeys(fresh(KEY), fresh(KEY));
      }
      IdentityKeys identity = IdentityKeys.generate(random);
      secrets.setIdentityKeys(identity);
      PublicSection disclosed = PublicSection.EMPTY.withCertificates(certificates(blank, identity));
      try (ShareKeys share = ShareKeys.generate(random)) {
        secrets.setShareKeys(share);
        disclosed = disclosed.withCard(share.card(blank.serialNumber(), identity));
      }
      Bytes sealed = stateKey.seal(secrets, blank.serialNumber(), random);
      ElementImage made = blank.withSealed(sealed).withDisclosed(disclosed).withLifeCycle(becoming);
      made = made.withSlot(Role.USER, slot(made, Role.USER, userPin, stateKey));
      made =
          made.withSlot(
              Role.ADMINISTRATOR, slot(made, Role.ADMINISTRATOR, administratorPin, stateKey));
      made = stateKey.record(made);
      // Of a new store copy 1 goes first: until it is whole, an empty copy 0 shows a blank element.
      memory.write(made);
      memory.write(made.next(made.floor()));
    } finally {
      lock.unlock();
    }
  }

  /** WIPE under the administrator's PIN. */
  void wipe(SecretBytes administratorPin) throws StrongroomException {
    lock.lock();
    try {
      authenticate(Role.ADMINISTRATOR, administratorPin).close();
      wipe(requireImage());
    } finally {
      lock.unlock();
    }
  }

  /** WIPE of an element on which no PIN can be tried any more. */
  void wipeBlocked() throws StrongroomException {
    lock.lock();
    try {
      ElementImage now = requireImage();
      if (now.userSlot() != null || now.administratorSlot() != null) {
        throw new ConditionsNotSatisfiedException(
            ElementProtocol.INS_WIPE,
            "without the administrator PIN only when both PINs are blocked");
      }
      wipe(now);
    } finally {
      lock.unlock();
    }
  }

  private void wipe(ElementImage now) throws StrongroomException {
    epoch.incrementAndGet();
    logins.forEach(Login::close);
    logins.clear();
    importChallenge.forget();
    managedKeys.clear();
    keyMemory.forget();
    memory.writeBoth(now.wiped(FILE_ROOT));
    KeyMemory.erase(memory);
  }

  /** VERIFY; gives what a login is made of. */
  Login verify(Role role, SecretBytes pin) throws StrongroomException {
    lock.lock();
    try (OpenState state = unlock(role, pin, null)) {
      if (state.identityKeys() == null) {
        // A file of before elements had an identity.
        IdentityKeys identity = IdentityKeys.generate(options.random());
        state.setDisclosed(
            state.disclosed().withCertificates(certificates(state.image(), identity)));
        state.setIdentityKeys(identity);
      }
      if (!state.hasShareKeys()) {
        // A file of before elements had a card.
        try (ShareKeys share = ShareKeys.generate(options.random());
            IdentityKeys identity = state.requireIdentityKeys()) {
          state.setShareKeys(share);
          state.setDisclosed(
              state.disclosed().withCard(share.card(state.image().serialNumber(), identity)));
        }
      }
      ElementImage next = state.next(options.random());
      memory.write(next);
      state.written(next);
      readRecords(state);
      Login login = state.login(epoch.get(), powerCycle.get());
      logins.add(login);
      return login;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a login that has ended. */
  void ended(Login login) {
    login.close();
    lock.lock();
    try {
      logins.remove(login);
      forgetUnusedRecords();
    } finally {
      lock.unlock();
    }
  }

  void changePin(Role role, SecretBytes oldPin, SecretBytes newPin) throws StrongroomException {
    lock.lock();
    try (OpenState state = unlock(role, oldPin, null)) {
      replaceSlot(state, role, newPin);
    } finally {
      lock.unlock();
    }
  }

  void resetRetryCounter(SecretBytes administratorPin, SecretBytes newUserPin)
      throws StrongroomException {
    lock.lock();
    try (OpenState state = unlock(Role.ADMINISTRATOR, administratorPin, Role.USER)) {
      replaceSlot(state, Role.USER, newUserPin);
    } finally {
      lock.unlock();
    }
  }

  void requireInitialized() throws StrongroomException {
    lock.lock();
    try {
      requireImage();
    } finally {
      lock.unlock();
    }
  }

  /** What an initialised element tells without a PIN. */
  PublicSection disclosed() throws StrongroomException {
    lock.lock();
    try {
      return requireImage().disclosed();
    } finally {
      lock.unlock();
    }
  }

  /** Reads the state for a login. */
  <R> R read(Login login, StateCommand<R> command) throws StrongroomException {
    lock.lock();
    try (OpenState state = open(login)) {
      return command.on(state);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes the state for a login, by one write, or none if the command leaves it as it is; by more
   * if it changes records. A command that throws changes nothing.
   */
  <R> R change(Login login, StateCommand<R> command) throws StrongroomException {
    lock.lock();
    try (OpenState state = open(login)) {
      R result = command.on(state);
      flush(state);
      if (state.isChanged()) {
        commit(state);
      } else if (state.draft() != null) {
        state.draft().committed();
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes the state under the administrator's PIN. A command that throws changes nothing, but the
   * PIN was right: its tries are set back all the same.
   */
  <R> R change(SecretBytes administratorPin, StateCommand<R> command) throws StrongroomException {
    lock.lock();
    try (OpenState state = unlock(Role.ADMINISTRATOR, administratorPin, null)) {
      R result;
      try {
        result = command.on(state);
      } catch (StrongroomException | RuntimeException e) {
        refused(state);
        throw e;
      }
      flush(state);
      try {
        commit(state);
      } catch (ElementFullException e) {
        refused(state);
        throw e;
      }
      return result;
    } finally {
      forgetUnusedRecords();
      lock.unlock();
    }
  }

  private void refused(OpenState state) throws StrongroomException {
    if (powered) {
      memory.write(state.unchanged());
    }
  }

  private static void flush(OpenState state) {
    StoreDraft draft = state.draft();
    if (draft != null) {
      draft.flush(state.recordChange());
    }
  }

  private void commit(OpenState state) throws StrongroomException {
    try {
      if (state.recordChange().isEmpty()) {
        memory.write(state.next(options.random()));
      } else {
        keyMemory.change(pageCipher(state), root(state), state.recordChange());
      }
    } catch (ElementFullException e) {
      throw e;
    } catch (StrongroomException | RuntimeException e) {
      // Whether it was done is not known before the state is read again.
      managedKeys.forget();
      throw e;
    }
    RecordIndex records = keyMemory.published();
    if (records == null) {
      managedKeys.forget();
    } else {
      managedKeys.changed(records, state.draft(), state.floor(), state.administration());
    }
  }

  ManagedKeys managedKeys() {
    return managedKeys;
  }

  /**
   * The key store as those see it who use keys; without the lock when it is in memory.
   *
   * @throws IllegalStateException if the login has ended
   */
  KeyTable keyTable(Login login) throws StrongroomException {
    KeyTable known = managedKeys.table();
    if (known != null && login.isOpen() && login.epoch() == epoch.get()) {
      return known;
    }
    return currentKeyTable(login);
  }

  /** The same after the changes that are under way. */
  KeyTable currentKeyTable(Login login) throws StrongroomException {
    return read(login, this::keyTable);
  }

  /** Works with the key store of the moment, and anew if that has changed under it. */
  <R> R onKeys(Login login, KeyTableCommand<R> command) throws StrongroomException {
    KeyTable table = keyTable(login);
    while (true) {
      try {
        return command.on(table);
      } catch (IllegalStateException e) {
        KeyTable next = currentKeyTable(login);
        if (next == table) {
          throw e;
        }
        table = next;
      }
    }
  }

  /** The key store as a command finds it. */
  KeyTable keyTable(OpenState state) throws StrongroomException {
    return managedKeys.open(records(state), state.floor(), state.administration());
  }

  /** What a command changes in the key store, all of it when the command ends, or nothing. */
  StoreDraft draft(OpenState state) throws StrongroomException {
    StoreDraft known = state.draft();
    if (known != null) {
      return known;
    }
    StoreDraft begun = new StoreDraft(keyTable(state));
    state.setDraft(begun);
    return begun;
  }

  /** One record of the key memory, by its id; without the lock when the records are in memory. */
  Optional<SecretBytes> record(Login login, Bytes id) throws StrongroomException {
    return onRecords(login, index -> index.find(id));
  }

  /** Ids of records in ascending order after an id; as {@link #record}. */
  List<Bytes> recordIds(Login login, Bytes after, int count) throws StrongroomException {
    return onRecords(login, index -> index.idsAfter(after, count));
  }

  private <R> R onRecords(Login login, Function<RecordIndex, R> use) throws StrongroomException {
    RecordIndex known = keyMemory.published();
    if (known != null && login.isOpen() && login.epoch() == epoch.get()) {
      try {
        return use.apply(known);
      } catch (IllegalStateException e) {
        // They were overwritten meanwhile; with the lock it shows why.
      }
    }
    return read(login, state -> use.apply(records(state)));
  }

  /** The records as a command finds them. */
  RecordIndex records(OpenState state) throws StrongroomException {
    return keyMemory.open(pageCipher(state), root(state));
  }

  /** How many records a command can have in all. */
  int recordCapacity(OpenState state) throws StrongroomException {
    return keyMemory.capacity(pageCipher(state), root(state)).records();
  }

  /** Reads the records for a login, which is for much else and does without damaged ones. */
  private void readRecords(OpenState state) throws StrongroomException {
    try {
      records(state);
    } catch (ElementDamagedException e) {
      // Every command that needs them tries again, and says so.
      managedKeys.forget();
      keyMemory.forget();
    }
  }

  private void forgetUnusedRecords() {
    if (logins.isEmpty()) {
      managedKeys.forget();
      keyMemory.forget();
    }
  }

  private PageCipher pageCipher(OpenState state) {
    return state.stateKey().pageCipher(state.image().serialNumber(), options.random());
  }

  private KeyMemoryRoot root(OpenState state) {
    return new KeyMemoryRoot(state, memory, options.random());
  }

  ImportChallenge importChallenge() {
    return importChallenge;
  }

  /** The state of a login, whose key has to fit what is stored. */
  private OpenState open(Login login) throws StrongroomException {
    ElementImage now = requireImage();
    if (login.epoch() != epoch.get()) {
      // The channel finds out why.
      throw new IllegalStateException("the login has ended");
    }
    StateKey stateKey = login.stateKey();
    if (!stateKey.authenticates(now) || now.loginGeneration() > now.generation()) {
      stateKey.close();
      throw new ElementEditedException("the prologue");
    }
    return OpenState.of(now, stateKey);
  }

  /**
   * Tries a PIN, and opens the state with it; the role's tries are set back in what is written
   * next.
   *
   * @param forgiven the role whose counter is about to be set anew, so that its value is no matter
   */
  private OpenState unlock(Role role, SecretBytes pin, @Nullable Role forgiven)
      throws StrongroomException {
    StateKey stateKey = authenticate(role, pin);
    try {
      ElementImage now = requireUnedited(stateKey, role, forgiven);
      now = now.withTries(role, now.tries(role).reset());
      if (forgiven != null) {
        now = now.withTries(forgiven, now.tries(forgiven).reset());
      }
      return OpenState.of(now, stateKey);
    } catch (ElementEditedException e) {
      stateKey.close();
      giveBack(role);
      throw e;
    } catch (StrongroomException | RuntimeException e) {
      stateKey.close();
      throw e;
    }
  }

  /** Counts a try, on the medium, then looks at the PIN. */
  private StateKey authenticate(Role role, SecretBytes pin) throws StrongroomException {
    ElementImage before = requireImage();
    PinSlot slot = before.slot(role);
    if (slot == null || before.tries(role).left() == 0) {
      throw new PinBlockedException(role);
    }
    ElementImage counted =
        before.withTries(role, before.tries(role).decremented()).next(before.floor());
    try (SecretBytes rootSecret = rootSecret(before)) {
      memory.write(counted);
      byte[] stateKey = slot.unwrap(role, before.serialNumber(), pin, rootSecret);
      if (stateKey != null) {
        return new StateKey(stateKey);
      }
    }
    int left = counted.tries(role).left();
    if (left == 0) {
      memory.writeBoth(counted.withSlot(role, null));
    }
    throw new AuthenticationFailedException(role, left);
  }

  /** Compares the prologue with what was recorded when the state key was last in use. */
  private ElementImage requireUnedited(StateKey stateKey, Role role, @Nullable Role forgiven)
      throws StrongroomException {
    ElementImage now = requireImage();
    if (!stateKey.authenticates(now) || now.loginGeneration() > now.generation()) {
      throw new ElementEditedException("the prologue");
    }
    for (Role each : Role.values()) {
      Tries tries = now.tries(each);
      // The try that was counted a moment ago still belongs to the counter.
      Tries found =
          each == role ? new Tries(tries.max(), tries.left() + 1, tries.atLogin()) : tries;
      if (each != forgiven && found.isEdited()) {
        throw new ElementEditedException(Tries.describe(each));
      }
    }
    return now;
  }

  /** The PIN was right, so the refusal that follows must not use up its tries. */
  private void giveBack(Role role) throws StrongroomException {
    ElementImage now = requireImage();
    Tries tries = now.tries(role);
    Tries before = new Tries(tries.max(), Math.min(15, tries.left() + 1), tries.atLogin());
    memory.write(now.withTries(role, before).next(now.floor()));
  }

  private void replaceSlot(OpenState state, Role role, SecretBytes newPin)
      throws StrongroomException {
    ElementImage now = state.image();
    PinSlot slot = slot(now, role, newPin, state.stateKey());
    memory.writeBoth(state.stateKey().record(now.withSlot(role, slot)));
  }

  /** A blank element that is not on the store yet. */
  private ElementImage neverInitialized() {
    DeviceKey key = blankDeviceKey();
    byte[] device = new byte[ElementImage.FILE_ROOT_LENGTH + key.privateKey().length()];
    key.privateKey().copyTo(device, ElementImage.FILE_ROOT_LENGTH);
    return blank(1, 0, blankSerialNumber, key.certificate(), device);
  }

  /** A wiped element, about to be written as the next generation. */
  private ElementImage withFreshRoot(ElementImage wiped) {
    return blank(
        wiped.generation() + 1,
        wiped.floor(),
        wiped.serialNumber(),
        wiped.certificate(),
        wiped.device().toByteArray());
  }

  private ElementImage blank(
      long generation, long floor, Bytes serialNumber, Bytes certificate, byte[] device) {
    byte[] fileRoot = fresh(ElementImage.FILE_ROOT_LENGTH);
    System.arraycopy(fileRoot, 0, device, 0, fileRoot.length);
    SecretRoot root = options.secretRoot();
    int user = options.userTries();
    int administrator = options.administratorTries();
    ElementImage blank =
        new ElementImage(
            generation,
            floor,
            serialNumber,
            new Tries(user, user, 0),
            new Tries(administrator, administrator, 0),
            generation,
            root == null ? FILE_ROOT : root.name(),
            Bytes.copyOf(new byte[ElementImage.MAC_LENGTH]),
            null,
            null,
            certificate,
            Bytes.copyOf(device),
            Bytes.copyOf(new byte[0]),
            LifeCycle.BLANK,
            PublicSection.EMPTY);
    Arrays.fill(fileRoot, (byte) 0);
    Arrays.fill(device, (byte) 0);
    return blank;
  }

  private Bytes certificates(ElementImage image, IdentityKeys identity) {
    return IdentityCertificates.make(
        image.serialNumber(), identity, options.clock().instant(), options.random());
  }

  private PinSlot slot(ElementImage now, Role role, SecretBytes pin, StateKey stateKey)
      throws ElementStorageException {
    try (SecretBytes rootSecret = rootSecret(now)) {
      return stateKey.use(
          key ->
              PinSlot.wrap(
                  key,
                  role,
                  now.serialNumber(),
                  pin,
                  rootSecret,
                  cost(now, role),
                  options.random()));
    }
  }

  private SecretBytes rootSecret(ElementImage now) throws ElementStorageException {
    SecretRoot root = options.secretRoot();
    String here = root == null ? FILE_ROOT : root.name();
    if (!now.rootName().equals(here)) {
      throw new ElementStorageException(
          "its PINs are combined with the root " + now.rootName() + ", not with " + here, null);
    }
    if (root == null) {
      return SecretBytes.copyOf(now.device().toByteArray(), 0, ElementImage.FILE_ROOT_LENGTH);
    }
    try {
      return root.secret(now.serialNumber());
    } catch (IOException e) {
      throw new ElementStorageException("the root " + here + " cannot be reached", e);
    }
  }

  /** What a try costs: as in the file, so that a change of PIN does not make it cheaper. */
  private PinCost cost(@Nullable ElementImage now, Role role) {
    PinSlot same = now == null ? null : now.slot(role);
    if (same != null) {
      return same.cost();
    }
    Role otherRole = role == Role.USER ? Role.ADMINISTRATOR : Role.USER;
    PinSlot other = now == null ? null : now.slot(otherRole);
    return other == null ? options.pinCost() : other.cost();
  }

  private ElementImage requireImage() throws StrongroomException {
    ElementImage now = memory.load();
    if (now == null || now.lifeCycle() == LifeCycle.BLANK) {
      throw new ElementNotInitializedException();
    }
    return now;
  }

  private byte[] fresh(int length) {
    byte[] bytes = new byte[length];
    options.random().nextBytes(bytes);
    return bytes;
  }
}
