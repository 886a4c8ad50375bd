// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.RecoveryElement;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the fixtures of a release: volumes with everything that the format has, in the smallest
 * size that has it. PINs are those of {@link TestElement}.
 *
 * <p>Thread safety: confined to one thread.
 */
final class FixtureWriter {

  private static final Instant TIME = Instant.ofEpochSecond(1_600_000_000, 7);
  private static final int RECORDS = 8192;
  private static final long FIRST_TREE_OF_TWO_LEVELS = (32L + 14_400) * 4096;

  private final Path target;
  private final Path work;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  /** What is being made: its folder, and what is to be found in it. */
  private Path folder;

  private Map<String, List<String>> expected = new LinkedHashMap<>();

  FixtureWriter(Path target, Path work) {
    this.target = target;
    this.work = work;
    this.folder = work;
  }

  /** A step of making a fixture. */
  @FunctionalInterface
  private interface Making {
    void run() throws IOException;
  }

  void all() throws IOException {
    make("files", this::files);
    make("tree", this::tree);
    make("pages", this::pages);
    make("managed", this::managed);
    make("forced", this::forced);
    make("frozen", this::frozen);
    make("strict", this::strict);
    make("twin", this::twin);
    make("recovery", this::recovery);
    make("crash", this::crash);
    make("sharing", this::sharing);
  }

  private void make(String name, Making making) throws IOException {
    folder = Files.createDirectory(work.resolve(name));
    expected = new LinkedHashMap<>();
    making.run();
    if (!name.equals("crash")) {
      forgetRecords(folder);
    }
    Fixture.pack(folder, target, name, expected);
  }

  /** Clears what no reader looks at: records of journals that were closed in order. */
  private static void forgetRecords(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path each : all.filter(path -> path.endsWith("strongroom.journal")).toList()) {
        try (FileChannel journal = FileChannel.open(each, WRITE)) {
          journal.write(ByteBuffer.allocate((int) Files.size(each) - RECORDS), RECORDS);
        }
      }
    }
  }

  // ---- what several of them have

  private VolumeOptions.Builder options() {
    return VolumeOptions.builder()
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .clock(() -> now = now.plusNanos(1_000_000_007));
  }

  private SecureElement element(String name) throws IOException {
    SecureElement element = TestElement.inFile(folder.resolve(name));
    TestElement.initialize(element);
    return element;
  }

  private Path volume() {
    return folder.resolve("volume");
  }

  private void describe(String heading, SecureFileSystem volume) throws IOException {
    expected.put(heading, VolumeDescription.of(volume));
  }

  /** Describes a closed volume. */
  private void describe(ElementSession session, Path directory) throws IOException {
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, directory, VolumeOptions.builder().readOnly().build())) {
      describe(directory.getFileName().toString(), volume);
    }
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path copy = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(each, copy);
        }
      }
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 1)).rewind();
      channel.write(one, at);
    }
  }

  // ---- the fixtures

  /** Files, directories, links and attributes of every kind and size; sectors of both ends. */
  private void files() throws IOException {
    try (SecureElement element = element("owner.element");
        ElementSession session = TestElement.login(element)) {
      try (SecureFileSystem volume =
          SecureFileSystem.create(session, volume(), options().elementUri("sim:owner").build())) {
        FixtureContent.sizes(volume);
        FixtureContent.names(volume);
        FixtureContent.attributes(volume);
        FixtureContent.put(volume, "/rekeyed", SampleBytes.of(20, 5000));
        volume.setUserAttribute("/rekeyed", "long", SampleBytes.of(21, 4500));
        volume.rekey("/rekeyed");
        volume.rekey("/rekeyed");
        FixtureContent.patch(volume, "/rekeyed", 4000, SampleBytes.of(22, 200));
      }
      VolumeOptions middle = options().sectorBytes(8192).build();
      try (SecureFileSystem volume = SecureFileSystem.open(session, volume(), middle)) {
        FixtureContent.put(volume, "/sectors of 8192", SampleBytes.of(24, 5000));
      }
      VolumeOptions large = options().sectorBytes(65536).build();
      try (SecureFileSystem volume = SecureFileSystem.open(session, volume(), large)) {
        FixtureContent.patch(volume, "/sectors of 65536", 33 * 65536, new byte[] {1});
      }
      describe(session, volume());
    }
  }

  /** A tree of two levels above the tag pages, nearly all of it holes. */
  private void tree() throws IOException {
    try (SecureElement element = element("owner.element");
        ElementSession session = TestElement.login(element)) {
      try (SecureFileSystem volume =
          SecureFileSystem.create(session, volume(), options().build())) {
        for (long at : new long[] {5, 4096 * 200L, FIRST_TREE_OF_TWO_LEVELS + 4096 * 130}) {
          FixtureContent.patch(volume, "/tree", at, SampleBytes.of(at, 30));
        }
      }
      describe(session, volume());
    }
  }

  /** Keys for each page, beside files with keys of their own. */
  private void pages() throws IOException {
    try (SecureElement element = element("owner.element");
        ElementSession session = TestElement.login(element)) {
      VolumeOptions paged = options().keyScope(KeyScope.PAGE).build();
      try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), paged)) {
        FixtureContent.fill(volume);
        for (long at : new long[] {100, 4096 * 7, 4096 * 8, 4096 * 40}) {
          FixtureContent.patch(volume, "/paged", at, SampleBytes.of(at, 3000));
        }
        FixtureContent.put(volume, "/rekeyed", SampleBytes.of(5, 5000));
        volume.rekey("/rekeyed");
      }
      try (SecureFileSystem volume = SecureFileSystem.open(session, volume(), options().build())) {
        FixtureContent.put(volume, "/other", SampleBytes.of(6, 5000));
      }
      describe(session, volume());
    }
  }

  /** File keys wrapped under two managed keys. */
  private void managed() throws IOException {
    try (SecureElement element = element("owner.element")) {
      element.info();
    }
    try (SimulatedElement simulated =
            SimulatedElement.open(
                folder.resolve("owner.element"), SimulatedElementOptions.cheap());
        SecureElement element = SecureElement.open(new KeyStoreElement(simulated));
        ElementSession session = TestElement.login(element)) {
      VolumeOptions one = options().managedKey(KeyStoreElement.KEY_ID).build();
      try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), one)) {
        FixtureContent.fill(volume);
        volume.freeze(List.of("/h"));
      }
      VolumeOptions other =
          options().managedKey(KeyStoreElement.OTHER_KEY_ID).keyScope(KeyScope.PAGE).build();
      try (SecureFileSystem volume = SecureFileSystem.open(session, volume(), other)) {
        FixtureContent.put(volume, "/other", SampleBytes.of(7, 5000));
        volume.rekey("/d/f");
      }
      expected.put(
          "managed keys", List.of(KeyStoreElement.KEY_ID + " " + KeyStoreElement.OTHER_KEY_ID));
      describe(session, volume());
    }
  }

  /** A sector written over in part after it was damaged, and a tag page that is lost. */
  private void forced() throws IOException {
    try (SecureElement element = element("owner.element");
        ElementSession session = TestElement.login(element)) {
      Path purified;
      Path lost;
      try (SecureFileSystem volume =
          SecureFileSystem.create(session, volume(), options().build())) {
        FixtureContent.put(volume, "/purified", SampleBytes.of(1, 9000));
        FixtureContent.patch(volume, "/lost", 4096 * 32, SampleBytes.of(2, 4096 * 2));
        try (SecureFile file = volume.openFile("/lost", WRITE)) {
          file.truncate(4096 * 160);
        }
        purified = volume().resolve(volume.stat("/purified").hostName());
        lost = volume().resolve(volume.stat("/lost").hostName());
      }
      flip(purified, 8192 + 4096);
      flip(lost, 139_264 + 300); // tag page 0
      try (SecureFileSystem volume = SecureFileSystem.open(session, volume(), options().build())) {
        force(volume, "/purified", 5000);
        force(volume, "/lost", 4096 * 40);
      }
      describe(session, volume());
    }
  }

  private static void force(SecureFileSystem volume, String path, long at) throws IOException {
    try (SecureFile file =
        volume.openFile(
            path, READ, WRITE, SecureOpenOption.FORCE_OPEN, SecureOpenOption.FORCE_WRITE)) {
      file.pwrite(at, SampleBytes.of(at, 100), 0, 100);
    }
  }

  /** Frozen and invalidated files, and old copies of them that must be refused. */
  private void frozen() throws IOException {
    try (SecureElement element = element("owner.element");
        ElementSession session = TestElement.login(element)) {
      String first;
      try (SecureFileSystem volume =
          SecureFileSystem.create(session, volume(), options().build())) {
        FixtureContent.fill(volume);
        FixtureContent.put(volume, "/ended", SampleBytes.of(8, 500));
        volume.sync();
        first = volume.stat("/h").hostName();
      }
      Path old = folder.resolve("old").resolve(first);
      Files.createDirectories(folder.resolve("old").resolve(first).resolve("..").normalize());
      Files.copy(volume().resolve(first), old);
      try (SecureFileSystem volume = SecureFileSystem.open(session, volume(), options().build())) {
        FixtureContent.put(volume, "/h", SampleBytes.of(9, 4000));
        volume.freeze(List.of("/h", "/d/g"));
        FixtureContent.put(volume, "/h", SampleBytes.of(10, 4097)); // goes on under version 1
        volume.freezeTree("/d");
        volume.invalidate(List.of("/ended"));
      }
      expected.put("old", List.of("/h"));
      describe(session, volume());
    }
  }

  /** Every commit vouched for by the element, and a volume that it does not vouch for any more. */
  private void strict() throws IOException {
    try (SecureElement element = element("owner.element");
        ElementSession session = TestElement.login(element)) {
      VolumeOptions strict = options().freshness(Freshness.STRICT).build();
      try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), strict)) {
        FixtureContent.put(volume, "/g", SampleBytes.of(1, 100));
        FixtureContent.put(volume, "/h", SampleBytes.of(2, 100));
        volume.sync();
      }
      copy(volume(), folder.resolve("old volume"));
      copy(volume(), folder.resolve("accepted"));
      try (SecureFileSystem volume = SecureFileSystem.open(session, volume(), options().build())) {
        FixtureContent.patch(volume, "/h", 10, SampleBytes.of(9, 10));
        volume.rename("/g", "/i");
        volume.sync();
      }
      describe(session, volume());
    }
    accepted();
  }

  /** A backup that an administrator made to count, with an element of its own time. */
  private void accepted() throws IOException {
    Path element = folder.resolve("accepted.element");
    Files.copy(folder.resolve("owner.element"), element);
    try (SecureElement other = TestElement.inFile(element);
        ElementSession session = TestElement.login(other);
        SecretBytes pin = TestElement.administratorPin()) {
      try (SecureFileSystem volume =
          SecureFileSystem.open(
              session, folder.resolve("accepted"), options().build(), LedgerRepair.ACCEPT, pin)) {
        FixtureContent.put(volume, "/after", SampleBytes.of(11, 300));
      }
      describe(session, folder.resolve("accepted"));
    }
  }

  /** Two elements that open a volume, and one with a ledger that only the first vouches for. */
  private void twin() throws IOException {
    try (SecureElement element = element("owner.element");
        SecureElement twin = TestElement.inFile(folder.resolve("twin.element"))) {
      TestElement.initializeTwin(twin, element);
      try (ElementSession session = TestElement.login(element);
          ElementSession other = TestElement.login(twin)) {
        for (String name : List.of("volume", "frozen")) {
          try (SecureFileSystem volume =
              SecureFileSystem.create(session, folder.resolve(name), options().build())) {
            FixtureContent.put(volume, "/f", SampleBytes.of(1, 100));
            volume.addElement(other);
            if (name.equals("frozen")) {
              volume.freezeTree("/");
            }
          }
          describe(session, folder.resolve(name));
        }
      }
    }
  }

  /** A volume that a recovery element reads, too. */
  private void recovery() throws IOException {
    try (SecureElement element = element("owner.element");
        SecureElement recovery = element("recovery.element");
        ElementSession session = TestElement.login(element);
        ElementSession other = TestElement.login(recovery)) {
      RecoveryElement named = RecoveryElement.of(other.element().identity(), other.channelKey());
      try (SecureFileSystem volume =
          SecureFileSystem.create(session, volume(), options().recoveryElement(named).build())) {
        FixtureContent.fill(volume);
        FixtureContent.put(volume, "/rekeyed", SampleBytes.of(5, 5000));
        volume.rekey("/rekeyed");
        volume.freeze(List.of("/h"));
      }
      describe(session, volume());
    }
  }

  /** The journal has records of every kind that no checkpoint has put in place. */
  private void crash() throws IOException {
    Path running = work.resolve("running");
    try (SecureElement element = element("owner.element");
        ElementSession session = TestElement.login(element);
        SecureFileSystem volume = SecureFileSystem.create(session, running, options().build())) {
      FixtureContent.fill(volume);
      FixtureContent.put(volume, "/removed", SampleBytes.of(8, 300));
      FixtureContent.put(volume, "/moved", SampleBytes.of(9, 300));
      FixtureContent.put(volume, "/cut", SampleBytes.of(10, 9000));
      FixtureContent.put(volume, "/rekeyed", SampleBytes.of(11, 300));
      FixtureContent.patch(volume, "/holes", 4096 * 160, SampleBytes.of(12, 300));
      volume.sync();
    }
    forgetRecords(running);
    try (SecureElement element = TestElement.inFile(folder.resolve("owner.element"));
        ElementSession session = TestElement.login(element);
        SecureFileSystem volume = SecureFileSystem.open(session, running, options().build())) {
      volume.delete("/removed");
      volume.rename("/moved", "/d/moved");
      try (SecureFile file = volume.openFile("/cut", WRITE)) {
        file.truncate(4500);
      }
      volume.rekey("/rekeyed");
      FixtureContent.put(volume, "/new", SampleBytes.of(13, 5000));
      FixtureContent.put(
          volume, "/appended", SampleBytes.of(14, 33_000)); // more than a record takes: in place
      volume.sync();
      FixtureContent.patch(volume, "/holes", 4096 * 33, SampleBytes.of(15, 300));
      volume.setUserAttribute("/h", "long", SampleBytes.of(16, 4500));
      volume.freeze(List.of("/h"));
      volume.createSymbolicLink("/other link", "h");
      volume.sync();
      describe("volume", volume);
      copy(running, volume());
    }
  }

  /** A sender and two receivers, what they have sent, and a receipt that is not settled. */
  private void sharing() throws IOException {
    try (SecureElement alice = element("alice.element");
        SecureElement bob = element("bob.element");
        SecureElement carol = element("carol.element");
        ElementSession from = TestElement.login(alice);
        ElementSession to = TestElement.login(bob);
        ElementSession third = TestElement.login(carol)) {
      Path sent = Files.createDirectory(folder.resolve("sent"));
      try (SecureFileSystem volume =
          SecureFileSystem.create(from, folder.resolve("alice"), options().build())) {
        know(volume, "bob", to.element().card());
        know(volume, "carol of the hills", third.element().card());
        send(volume, sent);
        retire(volume);
      }
      try (SecureFileSystem volume =
          SecureFileSystem.create(to, folder.resolve("bob"), options().build())) {
        know(volume, "alice", from.element().card());
        volume.receive(sent.resolve("received"), "/got", ReceiveOptions.defaults());
      }
      describe(from, folder.resolve("alice"));
      describe(to, folder.resolve("bob"));
    }
    unsettled();
  }

  private static void know(SecureFileSystem volume, String name, ElementCard card)
      throws IOException {
    volume.contacts().add(name, card, card.fingerprint());
  }

  /** Makes the record of a contact that was removed. */
  private static void retire(SecureFileSystem volume) throws IOException {
    try (TestElement dave = TestElement.create();
        ElementSession session = dave.login()) {
      know(volume, "dave", session.element().card());
    }
    Path elsewhere = Files.createTempFile("sent", "");
    volume.send("/small", elsewhere, SendOptions.to("dave").replaceExisting());
    Files.delete(elsewhere);
    volume.contacts().remove("dave");
  }

  private void send(SecureFileSystem volume, Path sent) throws IOException {
    FixtureContent.put(volume, "/small", SampleBytes.of(1, 100));
    volume.setUserAttribute("/small", "short", new byte[] {1, 2, 3});
    volume.setMode("/small", 0640);
    volume.setTimes("/small", TIME, TIME, TIME);
    FixtureContent.patch(volume, "/holes", 4096 * 40, SampleBytes.of(2, 100));
    FixtureContent.put(volume, "/empty", new byte[0]);
    for (HpkeSuite suite : HpkeSuite.values()) {
      String name = "suite " + suite.code();
      volume.send("/small", sent.resolve(name), SendOptions.to("bob").suite(suite));
      expect(name, "/small", sent);
    }
    SendOptions both = SendOptions.to("bob", "carol of the hills");
    volume.send("/holes", sent.resolve("both"), both);
    expect("both", "/holes", sent);
    volume.send("/empty", sent.resolve("expired"), both.expires(now.plusSeconds(100_000)));
    expect("expired", "/empty", sent);
    volume.send("/small", sent.resolve("received"), both);
    expect("received", "/small", sent);
    volume.send("/small", sent.resolve("changed"), SendOptions.to("bob"));
    volume.addRecipients(sent.resolve("changed"), List.of("carol of the hills"));
    volume.removeRecipients(sent.resolve("changed"), List.of("bob"));
    expect("changed", "/small", sent);
  }

  private void expect(String name, String path, Path sent) throws IOException {
    expected.put("sent/" + name, TransientDescription.of(TransientInfo.read(sent.resolve(name))));
    expected.put("content of sent/" + name, List.of(path));
  }

  /**
   * Bob has a file, and his element does not know yet that he has: the receipt is in his volume.
   */
  private void unsettled() throws IOException {
    Path directory = folder.resolve("unsettled");
    Path element = folder.resolve("unsettled.element");
    for (int command = 1; !received(command, directory, element); command++) {
      if (command > 100) {
        throw new IllegalStateException("no command of the element leaves a receipt");
      }
    }
    try (SecureElement bob = TestElement.inFile(element);
        ElementSession session = TestElement.login(bob)) {
      describe(session, directory);
    }
  }

  /** Receives a file while the element refuses one command; whether that was the last one. */
  private boolean received(int command, Path directory, Path element) throws IOException {
    delete(directory);
    copy(folder.resolve("bob"), directory);
    Files.copy(folder.resolve("bob.element"), element, StandardCopyOption.REPLACE_EXISTING);
    try (SimulatedElement simulated =
            SimulatedElement.open(element, SimulatedElementOptions.cheap());
        SecureElement bob = SecureElement.open(simulated);
        ElementSession session = TestElement.login(bob)) {
      try (SecureFileSystem volume = SecureFileSystem.open(session, directory, options().build())) {
        simulated.inject(
            dev.strongroom.simulator.FaultPlan.builder()
                .answer(command, new StatusWord(0x6581))
                .build());
        volume.receive(
            folder.resolve("sent").resolve("both"), "/got too", ReceiveOptions.defaults());
      } catch (StrongroomException e) {
        return false;
      } finally {
        simulated.inject(dev.strongroom.simulator.FaultPlan.none());
      }
      return !session.receiveRegister().pending().isEmpty();
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
