// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.NoFreeVersionSlotException;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.StaleElementException;
import dev.strongroom.file.VolumeFailedException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import dev.strongroom.simulator.FaultPlan;
import dev.strongroom.simulator.MemoryElementStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Elements that fail under the step of a ledger: nothing is lost, and the next one makes it up. */
class LedgerFaultTest {

  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryStore store = new MemoryStore();
  private TestElement element;
  private ElementSession session;

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private VolumeOptions options(Freshness freshness) {
    return VolumeOptions.builder()
        .journalBytes(256 << 10)
        .freshness(freshness)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private static void write(SecureFile file, int number) throws IOException {
    file.pwrite(0, ByteBuffer.allocate(4).putInt(number).array(), 0, 4);
  }

  private static int read(SecureFileSystem volume) throws IOException {
    return ByteBuffer.wrap(ModelledVolume.content(volume, "f")).getInt();
  }

  private static final StandardOpenOption[] CREATE = {
    StandardOpenOption.CREATE, StandardOpenOption.WRITE
  };

  @Test
  void aStepThatWasNotMadeIsMadeByTheNextOne() throws IOException {
    failAt(FaultPlan.builder().answer(1, new StatusWord(0x6F00)).build());
  }

  @Test
  void aStepWhoseAnswerWasLostCountsOnce() throws IOException {
    failAt(FaultPlan.builder().loseResponse(1).build());
  }

  private void failAt(FaultPlan plan) throws IOException {
    MemoryStore crashed;
    try (SecureFileSystem volume =
            SecureFileSystem.create(session, store, options(Freshness.STRICT));
        SecureFile file = volume.openFile("f", CREATE)) {
      write(file, 1);
      file.sync();
      long counter = counter(volume);
      MemoryStore before = store.copy();
      element.simulated.inject(plan);
      write(file, 2);
      assertThat(catchThrowable(file::sync)).isInstanceOf(IOException.class);
      element.simulated.inject(FaultPlan.none());
      crashed = store.copy();
      write(file, 3);
      file.sync();
      assertThat(counter(volume)).isEqualTo(counter + 2);
      file.sync();
      assertThat(counter(volume)).isEqualTo(counter + 2);
      for (MemoryStore old : List.of(before, crashed)) {
        assertThat(catchThrowable(() -> SecureFileSystem.open(session, old.copy(), readOnly())))
            .isInstanceOf(IOException.class);
      }
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options(Freshness.NONE))) {
      assertThat(read(volume)).isEqualTo(3);
    }
  }

  /** Two commits, neither of whose steps is known to have been made, and a crash. */
  @Test
  void aLedgerThatIsTwoStepsAheadIsCaughtUpWith() throws IOException {
    FaultPlan refused = FaultPlan.builder().answer(1, new StatusWord(0x6F00)).build();
    for (FaultPlan first : List.of(refused, FaultPlan.builder().loseResponse(1).build())) {
      MemoryStore disk = new MemoryStore();
      SecureFileSystem volume = SecureFileSystem.create(session, disk, options(Freshness.STRICT));
      SecureFile file = volume.openFile("f", CREATE);
      write(file, 1);
      file.sync();
      long counter = counter(volume);
      int number = 2;
      for (FaultPlan plan : List.of(first, refused)) {
        element.simulated.inject(plan);
        write(file, number++);
        assertThat(catchThrowable(file::sync)).isInstanceOf(IOException.class);
      }
      element.simulated.inject(FaultPlan.none());
      MemoryStore crashed = disk.copy();
      try (SecureFileSystem after = SecureFileSystem.open(session, crashed, readOnly())) {
        assertThat(read(after)).isEqualTo(3);
      }
      try (SecureFileSystem after =
          SecureFileSystem.open(session, crashed, options(Freshness.NONE))) {
        assertThat(read(after)).isEqualTo(3);
        assertThat(counter(after)).isEqualTo(counter + 2);
      }
      end(volume); // its element has gone on with the copy
    }
  }

  /** A page of the ledger is split on the way, which takes several writes. */
  @Test
  void anInvalidationThatFindsNoRoomLeavesTheLedgerAsItWas() throws IOException {
    List<String> names = new ArrayList<>();
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, store, options(Freshness.NONE))) {
      for (int i = 0; i < 130; i++) {
        names.add("f" + i);
        try (SecureFile file = volume.openFile("f" + i, CREATE)) {
          write(file, i);
        }
      }
      volume.freeze(names.subList(0, 122)); // one more fills the page
    }
    List<String> ended = names.subList(122, names.size());
    int refused = 0;
    boolean done = false;
    for (int room = 0; !done; room++) {
      MemoryStore disk = store.copy();
      long usable = (256 << 10) + room * 4096L;
      SecureFileSystem full =
          SecureFileSystem.open(
              session, LimitedSpace.of(disk, () -> usable), options(Freshness.NONE));
      try {
        full.invalidate(ended);
        done = true;
      } catch (NoSpaceException e) {
        refused++;
        executor.advance(java.time.Duration.ofSeconds(5)); // the timer publishes nothing of it
        assertThat(full.version("f0")).isEqualTo(1);
        assertThat(full.version("f122")).isZero();
      }
      end(full);
      try (SecureFileSystem again = SecureFileSystem.open(session, disk, options(Freshness.NONE))) {
        if (done) {
          assertThatThrownBy(() -> again.openFile("f129"))
              .isInstanceOf(FileInvalidatedException.class);
        } else {
          for (String name : ended) {
            again.openFile(name, StandardOpenOption.READ).close();
          }
          assertThat(again.check(CheckListener.SILENT).findings()).isEmpty();
        }
      }
    }
    assertThat(refused).isPositive();
  }

  /** Gives back a volume whose element or medium may fail once more. */
  private static void end(SecureFileSystem volume) {
    try {
      volume.close();
    } catch (IOException e) {
      // Whether it does is not what is looked at.
    }
  }

  private static VolumeOptions readOnly() {
    return VolumeOptions.builder().readOnly().build();
  }

  private long counter(SecureFileSystem volume) throws IOException {
    return session.readVersion(volume.info().id()).orElseThrow().counter();
  }

  @Test
  void whatWasSyncedWithoutTheElementIsThereAndVouchedForWhenItIsBack() throws IOException {
    SecureFileSystem volume = SecureFileSystem.create(session, store, options(Freshness.STRICT));
    SecureFile file = volume.openFile("f", CREATE);
    write(file, 1);
    file.sync();
    MemoryStore before = store.copy();
    write(file, 2);
    element.pull();
    assertThat(catchThrowable(file::sync)).isInstanceOf(IOException.class);
    executor.advance(java.time.Duration.ofSeconds(5));
    end(volume);
    element.insert();
    session.close();
    session = element.login();
    try (SecureFileSystem again = SecureFileSystem.open(session, store, readOnly())) {
      assertThat(read(again)).isEqualTo(2);
    }
    try (SecureFileSystem again = SecureFileSystem.open(session, store, options(Freshness.NONE))) {
      assertThat(read(again)).isEqualTo(2);
    }
    assertThat(catchThrowable(() -> SecureFileSystem.open(session, before, readOnly())))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aSlotThatSomebodyElseMovesStopsTheVolume() throws IOException {
    SecureFileSystem volume = SecureFileSystem.create(session, store, options(Freshness.STRICT));
    SecureFile file = volume.openFile("f", CREATE);
    write(file, 1);
    file.sync();
    Bytes id = volume.info().id();
    session.compareAndSetVersion(
        session.readVersion(id).orElseThrow(), Bytes.copyOf(SampleBytes.of(1, 32)));
    write(file, 2);
    assertThatThrownBy(file::sync).isInstanceOf(VolumeFailedException.class);
    assertThatThrownBy(() -> volume.openFile("f")).isInstanceOf(VolumeFailedException.class);
    end(volume);
  }

  @Test
  void withoutAFreeSlotNothingIsFrozenAndTheVolumeStaysAsItIs() throws IOException {
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, store, options(Freshness.NONE))) {
      try (SecureFile file = volume.openFile("f", CREATE)) {
        write(file, 1);
      }
      int slots = session.info().versionSlots();
      for (int i = 0; i < slots; i++) {
        Bytes other = Bytes.copyOf(SampleBytes.of(i, 16));
        session.compareAndSetVersion(VersionSlot.none(other), Bytes.copyOf(SampleBytes.of(i, 32)));
      }
      assertThatThrownBy(() -> volume.freeze(List.of("f")))
          .isInstanceOf(NoFreeVersionSlotException.class);
      assertThatThrownBy(() -> volume.invalidate(List.of("f")))
          .isInstanceOf(NoFreeVersionSlotException.class);
      assertThat(volume.version("f")).isZero();
    }
    assertThat(store.files()).doesNotContain("strongroom.files/ledger");
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options(Freshness.NONE))) {
      assertThat(read(volume)).isEqualTo(1);
    }
    MemoryStore strict = new MemoryStore();
    assertThatThrownBy(() -> SecureFileSystem.create(session, strict, options(Freshness.STRICT)))
        .isInstanceOf(NoFreeVersionSlotException.class);
    assertThat(strict.files()).isEmpty();
  }

  /** A freeze that fails in the middle leaves each file whole, and can be done again. */
  @Test
  void aFreezeThatAMediumInterruptsIsCompletedByAnother() throws IOException {
    FaultyStore faulty = new FaultyStore(store);
    int count = 60;
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, store, options(Freshness.NONE))) {
      for (int i = 0; i < count; i++) {
        try (SecureFile file = volume.openFile("f" + i, CREATE)) {
          write(file, i);
        }
      }
    }
    MemoryStore before = store.copy();
    SecureFileSystem volume = SecureFileSystem.open(session, faulty, options(Freshness.NONE));
    faulty.arm(
        dev.strongroom.file.testkit.FaultPlan.of(
                dev.strongroom.file.testkit.FaultPlan.Fault.IO_ERROR)
            .on(StoreOperation.WRITE)
            .where("strongroom.journal"::equals)
            .at(4)
            .lasting());
    assertThat(catchThrowable(() -> volume.freezeTree("/"))).isInstanceOf(IOException.class);
    faulty.disarm();
    end(volume);
    String host;
    try (SecureFileSystem again = SecureFileSystem.open(session, store, options(Freshness.NONE))) {
      int frozen = 0;
      for (int i = 0; i < count; i++) {
        frozen += again.version("f" + i) > 0 ? 1 : 0;
      }
      System.out.println("LedgerFaultTest: " + frozen + " of " + count + " were frozen");
      again.freezeTree("/");
      host = again.stat("f5").hostName();
    }
    replace(before, host);
    try (SecureFileSystem again = SecureFileSystem.open(session, store, options(Freshness.NONE))) {
      assertThatThrownBy(() -> again.openFile("f5")).isInstanceOf(RollbackException.class);
    }
  }

  private void replace(MemoryStore from, String name) throws IOException {
    byte[] content = from.content(name);
    try (StoreFile target = store.open(name, Store.Access.WRITE)) {
      target.write(0, content, 0, content.length);
    }
  }

  /** The element's own file, put back from before, or together with the volume's. */
  @Test
  void anOldCopyOfTheElementDoesNotVouchForTheVolume() throws IOException {
    MemoryElementStore medium = new MemoryElementStore();
    Bytes id;
    try (SecureElement first = element(medium)) {
      TestElement.initialize(first);
      try (ElementSession login = TestElement.login(first)) {
        SecureFileSystem.create(login, store, options(Freshness.STRICT)).close();
      }
    }
    byte[] oldElement = medium.content();
    try (SecureElement first = element(medium);
        ElementSession login = TestElement.login(first);
        SecureFileSystem volume = SecureFileSystem.open(login, store, options(Freshness.NONE));
        SecureFile file = volume.openFile("f", CREATE)) {
      id = volume.info().id();
      for (int i = 0; i < 5; i++) {
        write(file, i);
        file.sync();
      }
    }
    try (SecureElement old = element(MemoryElementStore.of(oldElement));
        ElementSession login = TestElement.login(old)) {
      assertThat(login.readVersion(id).orElseThrow().counter()).isEqualTo(1);
      assertThat(catchThrowable(() -> SecureFileSystem.open(login, store, readOnly())))
          .isInstanceOfAny(LedgerException.class, StaleElementException.class);
    }
    try (SecureElement first = element(medium);
        ElementSession login = TestElement.login(first);
        SecureFileSystem volume = SecureFileSystem.open(login, store, readOnly())) {
      assertThat(read(volume)).isEqualTo(4);
    }
  }

  private static SecureElement element(MemoryElementStore medium) {
    return SecureElement.open(SimulatedElement.on(medium, SimulatedElementOptions.cheap()));
  }
}
