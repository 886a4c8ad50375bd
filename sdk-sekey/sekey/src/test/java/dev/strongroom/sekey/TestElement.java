// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.simulator.MemoryElementStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Somebody's element in memory, and a strict volume of its on a disk in memory. */
final class TestElement implements AutoCloseable {

  public static final String PATH = "/kms.db";

  private final Clock clock;
  private MemoryElementStore memory = new MemoryElementStore();
  private MemoryStore disk = new MemoryStore();
  private SimulatedElement simulated;
  private SecureElement element;
  private ElementSession session;
  private SecureFileSystem volume;

  /** Another one in the state of this. */
  private TestElement(TestElement from) throws IOException {
    clock = from.clock;
    memory = MemoryElementStore.of(from.memory.content());
    disk = from.disk.copy();
    simulated = SimulatedElement.on(memory, SimulatedElementOptions.cheap());
    element = SecureElement.open(simulated);
    session = login();
    volume = SecureFileSystem.open(session, disk, options());
  }

  /** A copy of element and disk, which goes its own way. */
  public TestElement twin() throws IOException {
    return new TestElement(this);
  }

  public TestElement(Clock clock) throws IOException {
    this.clock = clock;
    simulated = SimulatedElement.on(memory, SimulatedElementOptions.cheap());
    element = SecureElement.open(simulated);
    try (SecretBytes user = pin("1234");
        SecretBytes administrator = pin("administrator")) {
      element.initialize(user, administrator);
    }
    session = login();
    volume = SecureFileSystem.create(session, disk, options());
  }

  private ElementSession login() throws IOException {
    try (SecretBytes user = pin("1234")) {
      return element.login(user, clock);
    }
  }

  private static SecretBytes pin(String text) {
    return SecretBytes.encode(text.toCharArray());
  }

  /** The PIN that enrolment and certification need. */
  public static SecretBytes administratorPin() {
    return pin("administrator");
  }

  private static VolumeOptions options() {
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder()
        .freshness(Freshness.STRICT)
        .journalBytes(512 << 10)
        .cacheBytes(4 << 20)
        .executor(executor)
        .clock(executor)
        .build();
  }

  /** Power and process are gone, and come again. */
  public void restart() throws IOException {
    restart(disk.copy());
  }

  /** The same, with another disk; what is still open is closed in vain. */
  public void restart(MemoryStore other, AutoCloseable... open) throws IOException {
    MemoryElementStore kept = MemoryElementStore.of(memory.content());
    for (AutoCloseable each : open) {
      closeQuietly(each);
    }
    closeAll();
    memory = kept;
    disk = other;
    simulated = SimulatedElement.on(memory, SimulatedElementOptions.cheap());
    element = SecureElement.open(simulated);
    session = login();
    volume = SecureFileSystem.open(session, disk, options());
  }

  private void closeAll() {
    closeQuietly(volume);
    closeQuietly(session);
    closeQuietly(element);
  }

  private static void closeQuietly(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      // what has no power cannot be closed in order
    }
  }

  public MemoryStore disk() {
    return disk;
  }

  public SimulatedElement simulated() {
    return simulated;
  }

  public ElementSession session() {
    return session;
  }

  public SecureFileSystem volume() {
    return volume;
  }

  public SeKeyAdmin createAdmin() throws IOException {
    return SeKeyAdmin.create(session, TestElement::administratorPin, volume, PATH, clock);
  }

  public SeKeyAdmin openAdmin() throws IOException {
    return SeKeyAdmin.open(session, TestElement::administratorPin, volume, PATH, clock);
  }

  /** What keys the element has. */
  public Map<KeyId, KeyAttributes> keys() throws IOException {
    Map<KeyId, KeyAttributes> found = new TreeMap<>();
    var store = session.keys().store();
    var page = store.keys(Optional.empty());
    while (!page.isEmpty()) {
      for (KeyId id : page) {
        found.put(id, store.read(id).attributes());
      }
      page = store.keys(Optional.of(page.get(page.size() - 1)));
    }
    return found;
  }

  public boolean hasGroup(GroupId group) throws IOException {
    return session.keys().store().groups(Optional.empty()).contains(group);
  }

  public byte[] encrypt(KeyId key, byte[] text) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(text.length + 28);
    session
        .keys()
        .use()
        .encrypt(head(), key, ByteBuffer.allocate(0), ByteBuffer.wrap(text), target);
    return target.array();
  }

  public byte[] decrypt(KeyId key, byte[] sealed) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(sealed.length - 28);
    session
        .keys()
        .use()
        .decrypt(head(), key, ByteBuffer.allocate(0), ByteBuffer.wrap(sealed), target);
    return target.array();
  }

  private KeyUseHead head() {
    return session.keys().head();
  }

  public Bytes serialNumber() {
    return session.info().serialNumber();
  }

  @Override
  public void close() {
    closeAll();
  }
}
