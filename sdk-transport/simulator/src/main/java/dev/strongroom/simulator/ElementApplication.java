// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementAlreadyInitializedException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementEditedException;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.device.PinBlockedException;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.transport.ElementRemovedException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The element application: its state on the store, its PINs, its commands, for all channels.
 *
 * <p>Every change is one write of the older copy and a sync. A change that removes a secret also
 * raises the floor, and is written twice, so that neither copy keeps it.
 *
 * <p>Thread safety: thread-safe. State changes go one at a time under {@code lock}, as in an
 * element; file and page keys are derived without it.
 */
final class ElementApplication {

  private static final String FILE_ROOT = "file";
  private static final int KEY = Kdf.KEY_LENGTH;

  private final ElementStore store;
  private final SimulatedElementOptions options;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final LongAdder commands = new LongAdder();
  private final Bytes blankSerialNumber;
  private @Nullable DeviceKey blankDeviceKey; // guarded by lock; made when first needed
  private @Nullable ChannelIdentity channelIdentity; // guarded by lock; read when first needed
  private @Nullable ElementImage
      image; // guarded by lock; null before the first use and after trouble
  private volatile @Nullable Faults faults;
  private volatile boolean powered = true;
  private volatile boolean closed;
  private final AtomicLong powerCycle = new AtomicLong();

  ElementApplication(ElementStore store, SimulatedElementOptions options, String name) {
    this.store = store;
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
      image = null;
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
      image = null;
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
      image = null;
      store.close();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is anything on the store. */
  boolean exists() {
    lock.lock();
    try {
      return store.size() > 0;
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
      ElementImage now = load();
      Bytes serialNumber = now == null ? blankSerialNumber : now.serialNumber();
      return new ElementInfo(
          ElementProtocol.MAJOR_VERSION,
          ElementProtocol.MINOR_VERSION,
          serialNumber,
          EnumSet.allOf(Capability.class),
          ElementProtocol.MAX_BATCH,
          ElementProtocol.MAX_RANDOM,
          "simulated element, " + cost(now, Role.USER));
    } finally {
      lock.unlock();
    }
  }

  ElementStatus status() throws StrongroomException {
    lock.lock();
    try {
      ElementImage now = load();
      if (now == null) {
        return new ElementStatus(false, options.userTries(), options.administratorTries(), 0);
      }
      return new ElementStatus(
          true,
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
      ElementImage now = load();
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

  void initialize(SecretBytes userPin, SecretBytes administratorPin) throws StrongroomException {
    byte[] stateKey = fresh(KEY);
    byte[] enc = fresh(KEY);
    byte[] sig = fresh(KEY);
    byte[] fileRoot = fresh(ElementImage.FILE_ROOT_LENGTH);
    lock.lock();
    try {
      if (load() != null) {
        throw new ElementAlreadyInitializedException();
      }
      SecureRandom random = options.random();
      DeviceKey key = blankDeviceKey();
      byte[] device = Arrays.copyOf(fileRoot, fileRoot.length + key.privateKey().length());
      key.privateKey().copyTo(device, fileRoot.length);
      SecretRoot root = options.secretRoot();
      Tries user = new Tries(options.userTries(), options.userTries(), 0);
      Tries administrator =
          new Tries(options.administratorTries(), options.administratorTries(), 0);
      Bytes sealed = SealedState.seal(enc, sig, stateKey, blankSerialNumber, random);
      ElementImage made =
          new ElementImage(
              1,
              0,
              blankSerialNumber,
              user,
              administrator,
              1,
              root == null ? FILE_ROOT : root.name(),
              Bytes.copyOf(new byte[ElementImage.MAC_LENGTH]),
              null,
              null,
              key.certificate(),
              Bytes.copyOf(device),
              sealed);
      Arrays.fill(device, (byte) 0);
      made = made.withSlot(Role.USER, slot(made, Role.USER, userPin, stateKey));
      made =
          made.withSlot(
              Role.ADMINISTRATOR, slot(made, Role.ADMINISTRATOR, administratorPin, stateKey));
      made = recorded(made, stateKey);
      // Copy 1 goes first: until it is whole, an empty copy 0 shows a blank element.
      write(made);
      write(made.next(0));
    } finally {
      lock.unlock();
      Arrays.fill(stateKey, (byte) 0);
      Arrays.fill(enc, (byte) 0);
      Arrays.fill(sig, (byte) 0);
      Arrays.fill(fileRoot, (byte) 0);
    }
  }

  MasterKeys verify(Role role, SecretBytes pin) throws StrongroomException {
    byte[] stateKey = null;
    lock.lock();
    try {
      stateKey = authenticate(role, pin);
      ElementImage now = checked(stateKey, role, null);
      MasterKeys keys = SealedState.open(now.sealed(), stateKey, now.serialNumber());
      try {
        ElementImage next = now.withTries(role, now.tries(role).reset()).next(now.floor());
        write(recorded(next, stateKey));
      } catch (StrongroomException | RuntimeException e) {
        keys.close();
        throw e;
      }
      return keys;
    } finally {
      wipe(stateKey);
      lock.unlock();
    }
  }

  void changePin(Role role, SecretBytes oldPin, SecretBytes newPin) throws StrongroomException {
    byte[] stateKey = null;
    lock.lock();
    try {
      stateKey = authenticate(role, oldPin);
      ElementImage now = checked(stateKey, role, null);
      replaceSlot(now.withTries(role, now.tries(role).reset()), role, newPin, stateKey);
    } finally {
      wipe(stateKey);
      lock.unlock();
    }
  }

  void resetRetryCounter(SecretBytes administratorPin, SecretBytes newUserPin)
      throws StrongroomException {
    byte[] stateKey = null;
    lock.lock();
    try {
      stateKey = authenticate(Role.ADMINISTRATOR, administratorPin);
      ElementImage now = checked(stateKey, Role.ADMINISTRATOR, Role.USER);
      now = now.withTries(Role.ADMINISTRATOR, now.administrator().reset());
      now = now.withTries(Role.USER, now.user().reset());
      replaceSlot(now, Role.USER, newUserPin, stateKey);
    } finally {
      wipe(stateKey);
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

  /** Counts a try, on the medium, then looks at the PIN. Gives the state key. */
  private byte[] authenticate(Role role, SecretBytes pin) throws StrongroomException {
    ElementImage before = requireImage();
    PinSlot slot = before.slot(role);
    if (slot == null || before.tries(role).left() == 0) {
      throw new PinBlockedException(role);
    }
    ElementImage counted =
        before.withTries(role, before.tries(role).decremented()).next(before.floor());
    try (SecretBytes rootSecret = rootSecret(before)) {
      write(counted);
      byte[] stateKey = slot.unwrap(role, before.serialNumber(), pin, rootSecret);
      if (stateKey != null) {
        return stateKey;
      }
    }
    int left = counted.tries(role).left();
    if (left == 0) {
      writeBoth(counted.withSlot(role, null));
    }
    throw new AuthenticationFailedException(role, left);
  }

  /**
   * Compares the prologue with what was recorded when the state key was last in use.
   *
   * @param forgiven the role whose counter is about to be set anew, so that its value is no matter
   */
  private ElementImage checked(byte[] stateKey, Role role, @Nullable Role forgiven)
      throws StrongroomException {
    ElementImage now = requireImage();
    byte[] macKey = SealedState.macKey(stateKey);
    boolean authentic = now.isAuthentic(macKey);
    Arrays.fill(macKey, (byte) 0);
    if (!authentic || now.loginGeneration() > now.generation()) {
      giveBack(now, role);
      throw new ElementEditedException("the prologue");
    }
    for (Role each : Role.values()) {
      Tries tries = now.tries(each);
      // The try that was counted a moment ago still belongs to the counter.
      Tries found =
          each == role ? new Tries(tries.max(), tries.left() + 1, tries.atLogin()) : tries;
      if (each != forgiven && found.isEdited()) {
        giveBack(now, role);
        throw new ElementEditedException(Tries.describe(each));
      }
    }
    return now;
  }

  /** The PIN was right, so the refusal that follows must not use up its tries. */
  private void giveBack(ElementImage now, Role role) throws StrongroomException {
    Tries tries = now.tries(role);
    Tries before = new Tries(tries.max(), Math.min(15, tries.left() + 1), tries.atLogin());
    write(now.withTries(role, before).next(now.floor()));
  }

  private void replaceSlot(ElementImage now, Role role, SecretBytes newPin, byte[] stateKey)
      throws StrongroomException {
    ElementImage changed = now.withSlot(role, slot(now, role, newPin, stateKey));
    writeBoth(recorded(changed, stateKey));
  }

  private static ElementImage recorded(ElementImage changed, byte[] stateKey) {
    byte[] macKey = SealedState.macKey(stateKey);
    try {
      return changed.recorded(macKey);
    } finally {
      Arrays.fill(macKey, (byte) 0);
    }
  }

  private PinSlot slot(ElementImage now, Role role, SecretBytes pin, byte[] stateKey)
      throws ElementStorageException {
    try (SecretBytes rootSecret = rootSecret(now)) {
      return PinSlot.wrap(
          stateKey, role, now.serialNumber(), pin, rootSecret, cost(now, role), options.random());
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
    ElementImage now = load();
    if (now == null) {
      throw new ElementNotInitializedException();
    }
    return now;
  }

  /** The newest copy, null for a blank store. Finishes what a loss of power has cut short. */
  private @Nullable ElementImage load() throws StrongroomException {
    if (image != null) {
      return image;
    }
    byte[][] copies = {new byte[ElementImage.COPY_LENGTH], new byte[ElementImage.COPY_LENGTH]};
    ElementImage[] read = new ElementImage[2];
    IllegalArgumentException trouble = null;
    try {
      for (int i = 0; i < 2; i++) {
        store.read((long) i * ElementImage.COPY_LENGTH, copies[i]);
      }
    } catch (IOException e) {
      throw new ElementStorageException("reading " + name, e);
    }
    for (int i = 0; i < 2; i++) {
      try {
        read[i] = ElementImage.parse(copies[i], i);
      } catch (IllegalArgumentException e) {
        trouble = e;
      }
    }
    ElementImage newest = newest(read[0], read[1]);
    if (newest == null) {
      if (isZero(copies[0])) {
        return null;
      }
      throw new ElementDamagedException(
          trouble == null ? "both copies" : "of both copies, " + trouble.getMessage(), trouble);
    }
    image = newest;
    ElementImage other = read[1 - newest.copy()];
    if (other == null || other.generation() < newest.floor()) {
      write(newest.next(newest.floor()));
    }
    eraseBlockedSlots();
    return image;
  }

  private void eraseBlockedSlots() throws StrongroomException {
    ElementImage now = image;
    if (now == null) {
      return;
    }
    ElementImage erased = now;
    boolean found = false;
    for (Role role : Role.values()) {
      if (now.tries(role).left() == 0 && now.slot(role) != null) {
        erased = erased.withSlot(role, null);
        found = true;
      }
    }
    if (found) {
      writeBoth(erased);
    }
  }

  private static @Nullable ElementImage newest(
      @Nullable ElementImage first, @Nullable ElementImage second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return first.generation() > second.generation() ? first : second;
  }

  private static boolean isZero(byte[] copy) {
    for (byte b : copy) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Writes to both copies what no longer holds a secret that was there before. */
  private void writeBoth(ElementImage changed) throws StrongroomException {
    ElementImage first = changed.next(changed.generation() + 1);
    write(first);
    write(first.next(first.floor()));
  }

  /** Writes one copy and syncs; afterwards this is the element's state. */
  private void write(ElementImage next) throws StrongroomException {
    byte[] copy = next.encode();
    long position = (long) next.copy() * ElementImage.COPY_LENGTH;
    Faults planned = faults;
    int kept = planned == null ? -1 : planned.powerLoss();
    image = null;
    try {
      if (kept >= 0) {
        if (kept > 0) {
          store.write(position, Arrays.copyOf(copy, Math.min(kept, copy.length)));
        }
        powerOff();
        throw new ElementRemovedException(name);
      }
      store.write(position, copy);
      store.sync();
    } catch (StrongroomException e) {
      throw e;
    } catch (IOException e) {
      throw new ElementStorageException("writing " + name, e);
    }
    image = next;
  }

  private byte[] fresh(int length) {
    byte[] bytes = new byte[length];
    options.random().nextBytes(bytes);
    return bytes;
  }

  private static void wipe(byte @Nullable [] secret) {
    if (secret != null) {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
