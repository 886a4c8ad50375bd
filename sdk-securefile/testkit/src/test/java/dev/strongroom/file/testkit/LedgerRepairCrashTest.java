// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.store.Store;
import dev.strongroom.simulator.MemoryElementStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Crashes of the disk and the element together while an administrator makes a ledger count: the
 * volume opens, or names a state whose way out works; all that was in it is there; the repair is
 * recorded as a whole, or has not begun.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LedgerRepairCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20261101);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(3).withSamples(2).withTorn(2).withGarbage(1);
  private static final CrashModel THOROUGH =
      CrashModel.strict().withExhaustive(8).withSamples(64).withTorn(64).withGarbage(16);
  private static final String LEDGER = "strongroom.files/ledger";

  /** The repair has returned, or what came after it. */
  private enum Done {
    REPAIR,
    FREEZE
  }

  private final RecordedElementStore elementStore = new RecordedElementStore();
  private TestElement element;
  private ElementSession session;

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create(elementStore);
    session = element.login();
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

  private static VolumeOptions options() {
    return options(Freshness.NONE);
  }

  private static void write(SecureFileSystem volume, String path, String text) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String read(SecureFileSystem volume, String path) throws IOException {
    return new String(ModelledVolume.content(volume, path), StandardCharsets.UTF_8);
  }

  private static SecureFileSystem repair(ElementSession whose, Store store, LedgerRepair repair)
      throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return SecureFileSystem.open(whose, store, options(), repair, pin);
    }
  }

  // ---- before

  /** Files that were frozen several times; the last state of the volume, or one before it. */
  private MemoryStore volume(Freshness freshness, boolean older) throws IOException {
    MemoryStore store = new MemoryStore();
    MemoryStore before = store;
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options(freshness))) {
      for (int i = 0; i < 3; i++) {
        write(volume, "f" + i, "content " + i);
        volume.freeze(List.of("f" + i));
      }
      write(volume, "never", "frozen");
    }
    if (older) {
      before = store.copy();
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, options())) {
        write(volume, "f0", "abandoned");
        volume.freeze(List.of("f0"));
        volume.freeze(List.of("f1"));
      }
    }
    return before;
  }

  /** Sets the element's slot back, and then on by steps that the volume does not know. */
  private void moveSlot(MemoryStore store, int away) throws IOException {
    Bytes id = Bytes.copyOf(store.content("strongroom.volume"), 24, 16);
    long counter = session.readVersion(id).orElseThrow().counter();
    try (SecretBytes pin = TestElement.administratorPin()) {
      session.element().releaseVersion(pin, id);
    }
    for (int i = 0; i < counter - away; i++) {
      VersionSlot slot = session.readVersion(id).orElse(VersionSlot.none(id));
      session.compareAndSetVersion(slot, Bytes.copyOf(SampleBytes.of(i, 32)));
    }
  }

  private MemoryStore in(LedgerState state, Freshness freshness) throws IOException {
    MemoryStore store = volume(freshness, state == LedgerState.OLDER);
    switch (state) {
      case LOST -> store.delete(LEDGER);
      case DAMAGED -> store.replaceContent(LEDGER, SampleBytes.of(1, 2 * 4096));
      case AHEAD -> moveSlot(store, 2);
      case FOREIGN -> moveSlot(store, 0);
      case UNKNOWN_ELEMENT -> moveSlot(store, Integer.MAX_VALUE);
      case VOLUME_FILE_OLDER -> {
        byte[] old = store.content("strongroom.volume");
        moveSlot(store, 0);
        repair(session, store, LedgerRepair.ACCEPT).close();
        store.replaceContent("strongroom.volume", old);
      }
      default -> {}
    }
    return store;
  }

  // ---- the crash

  @ParameterizedTest
  @EnumSource(
      value = LedgerState.class,
      names = "VOLUME_FILE_FOREIGN",
      mode = EnumSource.Mode.EXCLUDE)
  void repairs(LedgerState state) throws Exception {
    crash(state, MODEL, 30);
  }

  @ParameterizedTest
  @EnumSource(
      value = LedgerState.class,
      names = "VOLUME_FILE_FOREIGN",
      mode = EnumSource.Mode.EXCLUDE)
  @Tag("crash")
  void repairsThoroughly(LedgerState state) throws Exception {
    crash(state, THOROUGH, 150);
  }

  private void crash(LedgerState state, CrashModel model, int fewest) throws Exception {
    for (Freshness freshness : Freshness.values()) {
      RecordingStore disk = RecordingStore.over(in(state, freshness));
      elementStore.markIn(disk);
      try (SecureFileSystem volume = repair(session, disk, state.repair())) {
        disk.mark(Done.REPAIR);
        volume.freeze(List.of("f0", "never"));
        disk.mark(Done.FREEZE);
      }
      Set<LedgerState> met = EnumSet.noneOf(LedgerState.class);
      long states =
          CrashStates.of(disk.log(), model, SEED).forEach(image -> check(image, state, met));
      System.out.println(
          "LedgerRepairCrashTest: "
              + states
              + " states of "
              + state
              + ", "
              + freshness
              + ": "
              + met);
      assertThat(states).isGreaterThan(fewest);
      assertThat(met).contains(state);
    }
  }

  private static void check(CrashImage image, LedgerState state, Set<LedgerState> met)
      throws IOException {
    MemoryStore crashed = image.store();
    boolean done = image.marks().contains(Done.REPAIR);
    try (TestElement after = TestElement.on(RecordedElementStore.at(image.marks()));
        ElementSession login = after.login()) {
      VolumeOptions readOnly = VolumeOptions.builder().readOnly().build();
      try (SecureFileSystem volume = SecureFileSystem.open(login, crashed, readOnly)) {
        requireContent(volume);
        if (done) {
          assertThat(volume.info().fresh()).isTrue();
        }
      } catch (LedgerException e) {
        assertThat(done).isFalse();
        met.add(e.state());
      }
      LedgerState found = null;
      try (SecureFileSystem volume = SecureFileSystem.open(login, crashed, options())) {
        requireContent(volume);
        requireRecords(volume.info(), state, 1);
      } catch (LedgerException e) {
        found = e.state();
        met.add(found);
      }
      if (found != null) {
        assertThat(done).isFalse();
        assertThat(found.repair()).isEqualTo(state.repair());
        try (SecureFileSystem volume = repair(login, crashed, found.repair())) {
          requireContent(volume);
        }
      }
      requireUsable(login, crashed, state, found == null ? 1 : 2);
    }
    crashed.assertAllClosed();
  }

  // ---- a twin that the volume does not name

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void adoptions(boolean frozen) throws Exception {
    adoption(frozen, MODEL, 20);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Tag("crash")
  void adoptionsThoroughly(boolean frozen) throws Exception {
    adoption(frozen, THOROUGH, 100);
  }

  private void adoption(boolean frozen, CrashModel model, int fewest) throws Exception {
    MemoryStore medium = new MemoryStore();
    MemoryElementStore itsOwn = new MemoryElementStore();
    try (TestElement first = TestElement.create(itsOwn);
        ElementSession login = first.login()) {
      prepare(login, medium, frozen);
    }
    byte[] own = itsOwn.content();
    RecordedElementStore itsMedium = new RecordedElementStore();
    try (TestElement first = TestElement.on(MemoryElementStore.of(own));
        TestElement twin = TestElement.twinOf(first, itsMedium);
        ElementSession its = twin.login()) {
      RecordingStore disk = RecordingStore.over(medium);
      itsMedium.markIn(disk);
      try (SecureFileSystem volume = adopt(its, disk)) {
        disk.mark(Done.REPAIR);
        volume.freeze(List.of("f2"));
        disk.mark(Done.FREEZE);
      }
      long states =
          CrashStates.of(disk.log(), model, SEED)
              .forEach(image -> checkAdoption(image, own, frozen));
      System.out.println(
          "LedgerRepairCrashTest: " + states + " states of an adoption, frozen: " + frozen);
      assertThat(states).isGreaterThan(fewest);
    }
  }

  private static void prepare(ElementSession whose, MemoryStore medium, boolean frozen)
      throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(whose, medium, options())) {
      for (int i = 0; i < 3; i++) {
        write(volume, "f" + i, "content " + i);
      }
      write(volume, "never", "frozen");
      if (frozen) {
        volume.freeze(List.of("f0"));
        volume.freeze(List.of("f1"));
      }
    }
  }

  private static SecureFileSystem adopt(ElementSession whose, Store store) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return SecureFileSystem.adopt(whose, store, options(), pin);
    }
  }

  /** Until the twin has adopted it, the first element opens it, or names a state with a way out. */
  private static void checkAdoption(CrashImage image, byte[] own, boolean frozen)
      throws IOException {
    MemoryStore crashed = image.store();
    boolean done = image.marks().contains(Done.REPAIR);
    try (TestElement after = TestElement.on(RecordedElementStore.at(image.marks()));
        ElementSession login = after.login()) {
      boolean adopted = true;
      MemoryStore copy = crashed.copy();
      try (SecureFileSystem volume = SecureFileSystem.open(login, crashed, options())) {
        requireContent(volume);
      } catch (WrongElementException e) {
        adopted = false;
        assertThat(done).isFalse();
      } catch (LedgerException e) {
        adopted = false;
        // Whose first step was cut off, a volume of several elements does not know.
        assertThat(e.state()).isEqualTo(LedgerState.UNKNOWN_ELEMENT);
        assertThat(done && frozen).isFalse();
      }
      if (!adopted) {
        requireOpens(copy, own);
        try (SecureFileSystem volume = adopt(login, crashed)) {
          requireContent(volume);
        }
      }
      try (SecureFileSystem volume = SecureFileSystem.open(login, crashed, options())) {
        requireContent(volume);
        assertThat(volume.info().elements()).hasSize(2);
        assertThat(volume.info().ledgerRepairs())
            .hasSizeBetween(frozen ? 1 : 0, adopted ? 1 : 2)
            .allMatch(each -> each.repair() == LedgerRepair.ADOPT);
        volume.freeze(List.of("f1"));
        assertThat(volume.version("f1")).isPositive();
      }
    }
    crashed.assertAllClosed();
  }

  private static void requireOpens(MemoryStore store, byte[] element) throws IOException {
    try (TestElement first = TestElement.on(MemoryElementStore.of(element));
        ElementSession session = first.login()) {
      LedgerRepair wayOut = null;
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, options())) {
        requireContent(volume);
      } catch (LedgerException e) {
        wayOut = e.state().repair();
      }
      if (wayOut != null) {
        try (SecureFileSystem volume = repair(session, store, wayOut)) {
          requireContent(volume);
        }
      }
    }
  }

  /** The volume goes on: what is frozen now is frozen, and a check finds nothing but the repair. */
  private static void requireUsable(
      ElementSession login, MemoryStore store, LedgerState state, int most) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(login, store, options())) {
      long version = volume.version("f1");
      volume.freeze(List.of("f1"));
      assertThat(volume.version("f1")).isGreaterThan(version);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(login, store, options())) {
      requireContent(volume);
      assertThat(volume.info().fresh()).isTrue();
      requireRecords(volume.info(), state, most);
      assertThat(volume.check(CheckListener.SILENT).findings())
          .allMatch(each -> each.kind() == FindingKind.LEDGER_REPAIRED);
    }
  }

  /** A repair that was cut off may be recorded besides the one that was done in the end. */
  private static void requireRecords(VolumeInfo info, LedgerState state, int most) {
    assertThat(info.ledgerRepairs()).hasSizeBetween(1, most);
    for (VolumeInfo.LedgerRepaired each : info.ledgerRepairs()) {
      assertThat(each.repair()).isEqualTo(state.repair());
      assertThat(each.to()).isPositive();
    }
  }

  private static void requireContent(SecureFileSystem volume) throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(read(volume, "f" + i)).isEqualTo("content " + i);
    }
    assertThat(read(volume, "never")).isEqualTo("frozen");
  }
}
