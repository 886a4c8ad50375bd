// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static dev.strongroom.database.internal.vfs.LockLevel.EXCLUSIVE;
import static dev.strongroom.database.internal.vfs.LockLevel.NONE;
import static dev.strongroom.database.internal.vfs.LockLevel.PENDING;
import static dev.strongroom.database.internal.vfs.LockLevel.RESERVED;
import static dev.strongroom.database.internal.vfs.LockLevel.SHARED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** SQLite's locks; section 3 of its File Locking And Concurrency. */
class LockTableTest {

  private final LockTable locks = new LockTable();

  @Test
  void oneWritesBesideReadersUntilItWantsToBeAlone() {
    assertThat(locks.acquire("reader", SHARED)).isTrue();
    assertThat(locks.acquire("writer", SHARED)).isTrue();
    assertThat(locks.acquire("writer", RESERVED)).isTrue();
    assertThat(locks.isReserved()).isTrue();
    assertThat(locks.acquire("another", SHARED)).isTrue();
    assertThat(locks.acquire("another", RESERVED)).isFalse();
    locks.release("another", NONE);

    assertThat(locks.acquire("writer", EXCLUSIVE)).isFalse();
    assertThat(locks.level("writer")).isEqualTo(PENDING);
    assertThat(locks.acquire("another", SHARED)).as("while somebody waits").isFalse();
    locks.release("reader", NONE);
    assertThat(locks.acquire("writer", EXCLUSIVE)).isTrue();
    assertThat(locks.acquire("reader", SHARED)).isFalse();

    locks.release("writer", SHARED);
    assertThat(locks.isReserved()).isFalse();
    assertThat(locks.acquire("reader", SHARED)).isTrue();
    assertThat(locks.acquire("reader", RESERVED)).isTrue();
  }

  @Test
  void aReaderOfAHotJournalIsAloneAtOnce() {
    assertThat(locks.acquire("reader", SHARED)).isTrue();
    assertThat(locks.acquire("reader", EXCLUSIVE)).isTrue();
    locks.release("reader", NONE);
    assertThat(locks.level("reader")).isEqualTo(NONE);
    assertThat(locks.isReserved()).isFalse();
  }

  @Test
  void aLockThatIsHeldIsGivenAgain() {
    assertThat(locks.acquire("writer", SHARED)).isTrue();
    assertThat(locks.acquire("writer", RESERVED)).isTrue();
    assertThat(locks.acquire("writer", SHARED)).isTrue();
    assertThat(locks.level("writer")).isEqualTo(RESERVED);
  }
}
