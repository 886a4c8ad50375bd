// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.share.Recipient;
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.store.Store;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes while files are sent and their recipients change, with the volume, the folder of the
 * transient files and the sending element as one medium: a transient file is absent or whole, its
 * list is the old one or the new one, and no number is used for two files.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SendCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20261121);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(3).withSamples(2).withTorn(2).withGarbage(1);
  private static final CrashModel THOROUGH =
      CrashModel.strict().withExhaustive(8).withSamples(64).withTorn(32).withGarbage(16);
  private static final int CONTACTS = 14;
  private static final List<String> EVERYBODY =
      IntStream.range(0, CONTACTS).mapToObj(i -> "other " + i).toList();

  /** A file that was sent, or whose recipients were changed: what it shows, and its bytes. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Version(TransientInfo info, byte[] content) {

    byte[] image() {
      int prelude = ByteBuffer.wrap(content).getInt(16);
      return Arrays.copyOfRange(content, 2 * prelude, content.length);
    }
  }

  /** A mark: a file has had so many versions, as far as calls have returned. */
  private record Done(String name, int versions) {}

  private final RecordedElementStore elementStore = new RecordedElementStore();
  private final MemoryStore medium = new MemoryStore();
  private final Map<String, List<Version>> versions = new HashMap<>();

  @TempDir Path folder;

  private SecureElement element;
  private ElementSession session;
  private RecordingStore disk = RecordingStore.over(medium);

  @BeforeEach
  void login() throws IOException {
    element =
        SecureElement.open(SimulatedElement.on(elementStore, SimulatedElementOptions.cheap()));
    TestElement.initialize(element);
    session = TestElement.login(element);
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private static VolumeOptions options(Freshness freshness) {
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder()
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .cacheBytes(4 << 20)
        .freshness(freshness)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private static SendOptions to(List<String> names) {
    return SendOptions.to(names).suite(HpkeSuite.P256);
  }

  private static RecipientOptions recipients(String... names) {
    return RecipientOptions.of(names).suite(HpkeSuite.P256);
  }

  private void createVolume(Freshness freshness, List<String> contacts) throws IOException {
    try (SecureFileSystem made =
        SecureFileSystem.create(
            session, FolderStore.create(medium, "volume"), options(freshness))) {
      for (String name : contacts) {
        try (TestElement other = TestElement.create();
            ElementSession theirs = other.login()) {
          ElementCard card = theirs.element().card();
          made.contacts().add(name, card, card.fingerprint());
        }
      }
      put(made, "f", 40_000);
      put(made, "g", 3_000);
    }
    FolderStore.create(medium, "out");
  }

  private static void put(SecureFileSystem volume, String name, int length) throws IOException {
    try (SecureFile file =
        volume.openFile(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(SampleBytes.of(length, length));
    }
  }

  private static Store out(Store medium) {
    return new FolderStore(medium, "out");
  }

  private SecureFileSystem open(Freshness freshness) throws IOException {
    disk = RecordingStore.over(medium);
    elementStore.markIn(disk);
    return SecureFileSystem.open(session, new FolderStore(disk, "volume"), options(freshness));
  }

  private void done(String name, TransientInfo info) throws IOException {
    List<Version> all = versions.computeIfAbsent(name, each -> new ArrayList<>());
    all.add(new Version(info, medium.content("out/" + name)));
    disk.mark(new Done(name, all.size()));
  }

  @ParameterizedTest
  @EnumSource(Freshness.class)
  void sendingAndChangingRecipients(Freshness freshness) throws Exception {
    run(freshness, MODEL);
  }

  @ParameterizedTest
  @EnumSource(Freshness.class)
  @Tag("crash")
  void sendingAndChangingRecipientsThoroughly(Freshness freshness) throws Exception {
    run(freshness, THOROUGH);
  }

  private void run(Freshness freshness, CrashModel model) throws Exception {
    createVolume(freshness, EVERYBODY);
    List<String> first = EVERYBODY.subList(0, 1);
    try (SecureFileSystem volume = open(freshness)) {
      Store out = out(disk);
      done("one", volume.send("f", out, "one", to(first)));
      done("two", volume.send("g", out, "two", to(first)));
      done("one", volume.addRecipients(out, "one", recipients("other 1", "other 2")));
      done("one", volume.removeRecipients(out, "one", recipients("other 0")));
      done("two", volume.addRecipients(out, "two", RecipientOptions.of(EVERYBODY)));
      done("one", volume.send("g", out, "one", to(first).replaceExisting()));
    }
    // The list of everybody has outgrown the copies.
    assertThat(version("two", 1).content().length)
        .isGreaterThan(version("two", 0).content().length);
    int[] found = new int[7];
    long states =
        CrashStates.of(disk.log(), model, SEED).forEach(image -> found[check(image, freshness)]++);
    System.out.println(
        "SendCrashTest: "
            + states
            + " states, freshness "
            + freshness
            + ", changes there "
            + Arrays.toString(found));
    assertThat(found).doesNotContain(0);
  }

  private Version version(String name, int index) {
    return Objects.requireNonNull(versions.get(name)).get(index);
  }

  /** Answers how many of the changes are there. */
  private int check(CrashImage image, Freshness freshness) throws IOException {
    MemoryStore crashed = image.store();
    int changes = 0;
    for (String name : List.of("one", "two")) {
      changes += requireWhole(name, crashed, image.marks());
    }
    Map<Bytes, Bytes> seen = numbers(crashed);
    try (SecureElement after =
            SecureElement.open(
                SimulatedElement.on(
                    RecordedElementStore.at(image.marks()), SimulatedElementOptions.cheap()));
        ElementSession login = TestElement.login(after);
        SecureFileSystem volume =
            SecureFileSystem.open(login, new FolderStore(crashed, "volume"), options(freshness))) {
      TransientInfo next = volume.send("g", out(crashed), "three", to(EVERYBODY.subList(0, 4)));
      for (Recipient each : next.recipients()) {
        assertThat(seen).as("numbers of all files").doesNotContainKey(number(each));
      }
      assertThat(crashed.list("out")).noneMatch(name -> name.endsWith(".part"));
    }
    return changes;
  }

  /** Requires the version that was the last one, or the next one, and answers its number. */
  private int requireWhole(String name, MemoryStore crashed, List<Object> marks)
      throws IOException {
    int known = 0;
    for (Object each : marks) {
      if (each instanceof Done done && done.name().equals(name)) {
        known = done.versions();
      }
    }
    if (!crashed.exists("out/" + name)) {
      assertThat(known).as(name).isZero();
      return 0;
    }
    byte[] content = crashed.content("out/" + name);
    TransientInfo info = info(content);
    int last = Objects.requireNonNull(versions.get(name)).size();
    for (int number = Math.max(1, known); number <= Math.min(known + 1, last); number++) {
      Version version = version(name, number - 1);
      if (version.info().equals(info)) {
        byte[] image = version.image(); // the same at the end of the same length
        assertThat(Arrays.copyOfRange(content, content.length - image.length, content.length))
            .isEqualTo(image);
        return number;
      }
    }
    throw new AssertionError(name + " is neither version " + known + " nor the next one");
  }

  /** The numbers of all files that have an authentic prelude, also of those half written. */
  private Map<Bytes, Bytes> numbers(MemoryStore crashed) throws IOException {
    Map<Bytes, Bytes> numbers = new HashMap<>();
    for (String name : crashed.list("out")) {
      try {
        TransientInfo info = info(crashed.content("out/" + name));
        for (Recipient each : info.recipients()) {
          Bytes other = numbers.putIfAbsent(number(each), info.transientId());
          assertThat(other).as(name).isIn(null, info.transientId());
        }
      } catch (IntegrityException e) {
        assertThat(name).endsWith(".part");
      }
    }
    return numbers;
  }

  private static Bytes number(Recipient recipient) {
    return Bytes.copyOf(
        ByteBuffer.allocate(16)
            .put(recipient.keyId().toByteArray())
            .putLong(recipient.counter())
            .array());
  }

  private TransientInfo info(byte[] content) throws IOException {
    Path file = folder.resolve("looked at");
    Files.write(file, content);
    return TransientInfo.read(file);
  }

  /** The second crash: the first one has left one of the copies torn. */
  @ParameterizedTest
  @EnumSource(Copy.class)
  void aChangeAfterACrashLeavesTheOldListOrTheNewOne(Copy torn) throws Exception {
    createVolume(Freshness.NONE, EVERYBODY.subList(0, 2));
    TransientInfo before;
    TransientInfo changed;
    try (SecureFileSystem volume = open(Freshness.NONE)) {
      before = volume.send("g", out(disk), "one", to(EVERYBODY.subList(0, 1)));
    }
    byte[] content = medium.content("out/one");
    int length = ByteBuffer.wrap(content).getInt(16);
    try (var file = medium.open("out/one", Store.Access.WRITE)) {
      file.write(torn == Copy.FIRST ? 300 : length + 300, new byte[200], 0, 200);
    }
    try (SecureFileSystem volume = open(Freshness.NONE)) {
      changed = volume.addRecipients(out(disk), "one", recipients("other 1"));
    }
    long states =
        CrashStates.of(disk.log(), MODEL, SEED)
            .forEach(
                image -> assertThat(info(image.store().content("out/one"))).isIn(before, changed));
    assertThat(states).isGreaterThan(10);
  }

  private enum Copy {
    FIRST,
    SECOND
  }
}
