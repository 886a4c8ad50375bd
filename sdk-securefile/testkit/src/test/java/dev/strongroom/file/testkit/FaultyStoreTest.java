// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.Store.Access;
import dev.strongroom.file.store.StoreFile;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FaultyStoreTest extends StoreContract {

  @Override
  protected Store newStore() {
    return new FaultyStore(new MemoryStore());
  }

  @Test
  void theNthOperationFailsAndLeavesHalfAWrite() throws IOException {
    MemoryStore disk = new MemoryStore();
    FaultyStore store = new FaultyStore(disk);
    store.arm(FaultPlan.of(Fault.NO_SPACE).on(StoreOperation.WRITE).at(2));
    try (StoreFile file = store.open("a", Access.CREATE)) {
      file.write(0, new byte[10], 0, 10);
      assertThatThrownBy(() -> file.write(10, new byte[4096], 0, 4096))
          .isInstanceOf(NoSpaceException.class);
      assertThat(disk.content("a")).hasSize(10 + 2048);
      file.write(0, new byte[10], 0, 10);
    }
    assertThat(store.struck()).isEqualTo(1);
  }

  @Test
  void aLastingFaultLastsUntilItIsDisarmed() throws IOException {
    FaultyStore store = new FaultyStore(new MemoryStore());
    store.open("a", Access.CREATE).close();
    store.arm(FaultPlan.of(Fault.IO_ERROR).lasting());
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> store.open("a", Access.READ)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> store.list("")).isInstanceOf(IOException.class);
    store.disarm();
    store.open("a", Access.READ).close();
  }

  @Test
  void countersSayWhatWasAskedOfWhichFile() throws IOException {
    FaultyStore store = new FaultyStore(new MemoryStore());
    try (StoreFile file = store.open("a", Access.CREATE)) {
      file.write(0, new byte[100], 0, 100);
      StoreCounters before = store.counters();
      file.write(0, new byte[10], 0, 10);
      file.read(0, new byte[20], 0, 20);
      file.sync();
      StoreCounters since = store.counters().since(before);
      assertThat(since.count(StoreOperation.WRITE)).isEqualTo(1);
      assertThat(since.bytes(StoreOperation.WRITE, "a"::equals)).isEqualTo(10);
      assertThat(since.bytes(StoreOperation.READ, "a"::equals)).isEqualTo(20);
      assertThat(since.count(StoreOperation.SYNC, "b"::equals)).isZero();
      assertThat(since.count(StoreOperation.SYNC, "a"::equals)).isEqualTo(1);
      assertThat(since.count(StoreOperation.CREATE)).isZero();
    }
    assertThat(store.counters().count(StoreOperation.CREATE)).isEqualTo(1);
  }

  @Test
  void aSkippedSyncIsNotSeenUnderneath() throws IOException {
    RecordingStore disk = RecordingStore.over(new MemoryStore());
    FaultyStore store = new FaultyStore(disk);
    store.arm(FaultPlan.of(Fault.SYNC_SKIPPED).where("a"::equals));
    try (StoreFile file = store.open("a", Access.CREATE)) {
      file.sync();
      assertThat(disk.log().toString()).doesNotContain("Synced");
      file.sync();
      assertThat(disk.log().toString()).contains("Synced");
    }
  }

  @Test
  void aFailedSyncIsKnownUnderneath() throws IOException {
    RecordingStore disk = RecordingStore.over(new MemoryStore());
    FaultyStore store = new FaultyStore(disk);
    store.arm(FaultPlan.of(Fault.SYNC_ERROR));
    try (StoreFile file = store.open("a", Access.CREATE)) {
      assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
    }
    assertThat(disk.log().toString()).contains("SyncFailed");
  }
}
