// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.Store.Access;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RecordingStoreTest extends StoreContract {

  @Override
  protected Store newStore() {
    return RecordingStore.over(new MemoryStore());
  }

  @Test
  void everyChangeIsLoggedInOrder() throws IOException {
    RecordingStore store = RecordingStore.over(new MemoryStore());
    store.createDirectory("d");
    store.createDirectory("d");
    try (StoreFile file = store.open("d/a", Access.CREATE)) {
      file.write(5, new byte[] {1, 2}, 0, 2);
      file.truncate(3);
      file.sync();
    }
    store.open("d/a", Access.CREATE).close();
    store.mark("here");
    store.move("d/a", "b");
    store.syncDirectory("d");
    store.delete("b");
    assertThat(store.log().events().stream().map(Object::toString))
        .containsExactly(
            "DirectoryCreated[name=d, directory=1, parent=0]",
            "FileCreated[name=d/a, file=2, parent=1]",
            "Written[d/a, 5 + 2]",
            "Truncated[name=d/a, file=2, size=3]",
            "Synced[name=d/a, file=2]",
            "Marked[mark=here]",
            "Moved[from=d/a, to=b, file=2, fromParent=1, toParent=0]",
            "DirectorySynced[name=d, directory=1]",
            "Deleted[name=b, node=2, parent=0]");
  }

  @Test
  void everyPrefixOfTheLogCanBeRebuilt() throws IOException {
    MemoryStore disk = new MemoryStore();
    disk.replaceContent("old", new byte[] {7});
    RecordingStore store = RecordingStore.over(disk);
    try (StoreFile file = store.open("a", Access.CREATE)) {
      file.write(0, new byte[] {1, 2}, 0, 2);
      file.write(1, new byte[] {3, 4}, 0, 2);
    }
    store.move("a", "old");
    StoreLog log = store.log();
    assertThat(log.base().files()).containsExactly("old");
    assertThat(log.prefix(1).content("a")).isEmpty();
    assertThat(log.prefix(2).content("a")).containsExactly(1, 2);
    assertThat(log.prefix(3).content("a")).containsExactly(1, 3, 4);
    assertThat(log.prefix(3).content("old")).containsExactly(7);
    assertThat(log.prefix(4).files()).containsExactly("old");
    assertThat(log.prefix(4).content("old")).containsExactly(1, 3, 4);
    assertThat(store.disk().content("old")).containsExactly(1, 3, 4);
  }
}
