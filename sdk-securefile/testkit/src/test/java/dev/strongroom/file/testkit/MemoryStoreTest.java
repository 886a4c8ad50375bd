// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.Store.Access;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends StoreContract {

  @Override
  protected Store newStore() {
    return new MemoryStore();
  }

  @Test
  void aSparseFileTakesOnlyItsBlocks() throws IOException {
    MemoryStore store = new MemoryStore();
    try (StoreFile file = store.open("a", Access.CREATE)) {
      file.write(1L << 50, new byte[] {1}, 0, 1);
      file.truncate(1L << 55);
      assertThat(file.size()).isEqualTo(1L << 55);
    }
    assertThat(store.allocatedBytes()).isEqualTo(4096);
  }

  @Test
  void aCopyIsIndependentInBothDirections() throws IOException {
    MemoryStore store = new MemoryStore();
    store.createDirectory("d");
    store.replaceContent("d/a", new byte[] {1, 2, 3});
    MemoryStore copy = store.copy();
    try (StoreFile file = store.open("d/a", Access.WRITE)) {
      file.write(0, new byte[] {9}, 0, 1);
    }
    try (StoreFile file = copy.open("d/a", Access.WRITE)) {
      file.write(1, new byte[] {8}, 0, 1);
    }
    store.move("d/a", "b");
    assertThat(store.content("b")).containsExactly(9, 2, 3);
    assertThat(copy.content("d/a")).containsExactly(1, 8, 3);
    assertThat(store.files()).containsExactly("b");
    assertThat(copy.files()).containsExactly("d/a");
  }

  @Test
  void anOpenFileIsReportedWithItsOpener() throws IOException {
    MemoryStore store = new MemoryStore();
    StoreFile file = store.open("a", Access.CREATE);
    assertThatThrownBy(store::assertAllClosed)
        .isInstanceOf(AssertionError.class)
        .satisfies(
            e ->
                assertThat(e.getSuppressed()[0].getStackTrace())
                    .anyMatch(
                        frame ->
                            frame.getMethodName().equals("anOpenFileIsReportedWithItsOpener")));
    file.close();
    store.assertAllClosed();
    assertThatThrownBy(() -> file.size()).isInstanceOf(IOException.class);
  }

  @Test
  void namesOutsideTheRulesAreRefused() {
    MemoryStore store = new MemoryStore();
    for (String name : new String[] {"", "a b", "..", ".", "a/", "ü", "a\\b", "a:b"}) {
      assertThatThrownBy(() -> store.open(name, Access.CREATE))
          .as(name)
          .isInstanceOfAny(IllegalArgumentException.class, IOException.class);
    }
  }
}
