// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes of the disk and the receiving element together, at every operation of either: a file is
 * there as a whole, and is not received again, or it is not there, and can be received. It is never
 * lost, refused as received before though it is not there, and never received twice.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiveCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20261121);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(3).withSamples(2).withTorn(2).withGarbage(1);
  private static final CrashModel THOROUGH =
      CrashModel.strict().withExhaustive(8).withSamples(64).withTorn(32).withGarbage(16);
  private static final byte[] OLD = SampleBytes.of(9, 7000);

  /** A file that is received, under which name, and what it holds. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Letter(String name, boolean replaces, byte[] content) {
    ReceiveOptions options() {
      ReceiveOptions plain = ReceiveOptions.defaults();
      return replaces ? plain.replaceExisting() : plain;
    }
  }

  private static final List<Letter> LETTERS =
      List.of(
          new Letter("small", false, SampleBytes.of(1, 100)),
          new Letter("taken", true, SampleBytes.of(2, 150_000)));

  /** A mark: a letter was received, as far as the call has said. */
  private record Received(String name) {}

  private final RecordedElementStore elementStore = new RecordedElementStore();
  private final MemoryStore medium = new MemoryStore();
  private final Map<String, Path> sent = new TreeMap<>();

  @TempDir Path folder;

  private Correspondent alice;
  private SecureElement element;
  private ElementSession session;

  @BeforeEach
  void send() throws IOException {
    element =
        SecureElement.open(SimulatedElement.on(elementStore, SimulatedElementOptions.cheap()));
    TestElement.initialize(element);
    session = TestElement.login(element);
    alice = Correspondent.create();
    ElementCard receiver = element.card();
    alice.volume.contacts().add("bob", receiver, receiver.fingerprint());
    for (Letter each : LETTERS) {
      alice.put("f", each.content());
      alice.volume.setUserAttribute("f", "large", Arrays.copyOf(each.content(), 20_000));
      Path target = folder.resolve(each.name());
      alice.volume.send("f", target, SendOptions.to("bob"));
      sent.put(each.name(), target);
    }
  }

  @AfterEach
  void part() throws IOException {
    session.close();
    element.close();
    alice.close();
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

  @ParameterizedTest
  @EnumSource(Freshness.class)
  void aFileIsReceivedOnceOrNotAtAll(Freshness freshness) throws Exception {
    receive(freshness, MODEL);
  }

  @ParameterizedTest
  @EnumSource(Freshness.class)
  @Tag("crash")
  void aFileIsReceivedOnceOrNotAtAllThoroughly(Freshness freshness) throws Exception {
    receive(freshness, THOROUGH);
  }

  private void receive(Freshness freshness, CrashModel model) throws Exception {
    try (SecureFileSystem made = SecureFileSystem.create(session, medium, options(freshness))) {
      made.contacts().add("alice", alice.card, alice.card.fingerprint());
      try (SecureFile file =
          made.openFile("taken", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        file.write(OLD);
      }
    }
    RecordingStore disk = RecordingStore.over(medium);
    elementStore.markIn(disk);
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, options(freshness))) {
      for (Letter each : LETTERS) {
        volume.receive(path(each), each.name(), each.options());
        disk.mark(new Received(each.name()));
      }
    }
    int[] found = new int[LETTERS.size() + 1];
    long states =
        CrashStates.of(disk.log(), model, SEED).forEach(image -> found[check(image, freshness)]++);
    System.out.println(
        "ReceiveCrashTest: "
            + states
            + " states, freshness "
            + freshness
            + ", letters there "
            + Arrays.toString(found));
    assertThat(found).doesNotContain(0);
  }

  private Path path(Letter letter) {
    return java.util.Objects.requireNonNull(sent.get(letter.name()));
  }

  /** Answers how many letters were there. */
  private int check(CrashImage image, Freshness freshness) throws IOException {
    MemoryStore crashed = image.store();
    int there = 0;
    try (SecureElement after =
            SecureElement.open(
                SimulatedElement.on(
                    RecordedElementStore.at(image.marks()), SimulatedElementOptions.cheap()));
        ElementSession login = TestElement.login(after)) {
      try (SecureFileSystem volume = SecureFileSystem.open(login, crashed, options(freshness))) {
        for (Letter each : LETTERS) {
          boolean received = holds(volume, each);
          there += received ? 1 : 0;
          if (!received) {
            assertThat(image.marks()).doesNotContain(new Received(each.name()));
            volume.receive(path(each), each.name(), each.options());
            assertThat(holds(volume, each)).isTrue();
          }
        }
      }
      try (SecureFileSystem volume = SecureFileSystem.open(login, crashed, options(freshness))) {
        assertThat(volume.check(CheckListener.SILENT).findings()).isEmpty();
        for (Letter each : LETTERS) {
          assertThat(holds(volume, each)).as(each.name()).isTrue();
          assertRefusedAsReceived(volume, each);
        }
        assertThat(volume.list(""))
            .extracting(DirectoryEntry::name)
            .containsExactlyInAnyOrder("small", "taken");
      }
      assertThat(login.receiveRegister().pending()).isEmpty();
      assertThat(crashed.files()).noneMatch(name -> name.contains("transit/"));
    }
    return there;
  }

  private void assertRefusedAsReceived(SecureFileSystem volume, Letter letter) throws IOException {
    boolean refused = false;
    try {
      volume.receive(path(letter), letter.name() + " again", letter.options());
    } catch (AlreadyReceivedException e) {
      refused = true;
    }
    assertThat(refused).as("%s is received once", letter.name()).isTrue();
  }

  /** Whether a letter is there, as a whole. */
  private static boolean holds(SecureFileSystem volume, Letter letter) throws IOException {
    if (!volume.exists(letter.name())) {
      assertThat(letter.replaces()).isFalse();
      return false;
    }
    byte[] content = Correspondent.get(volume, letter.name());
    if (letter.replaces() && Arrays.equals(content, OLD)) {
      assertThat(volume.userAttributes(letter.name())).isEmpty();
      return false;
    }
    assertThat(content).isEqualTo(letter.content());
    assertThat(volume.userAttribute(letter.name(), "large"))
        .isEqualTo(Arrays.copyOf(letter.content(), 20_000));
    return true;
  }
}
