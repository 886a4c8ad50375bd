// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.database.TestElement;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published of a database, and what is taken back. */
class DatabaseFileTest {

  private static final byte[] OLD = page(1);
  private static final byte[] NEW = page(2);

  @TempDir Path folder;

  private TestElement element;
  private ElementSession session;
  private SecureFile file;
  private DatabaseFile database;
  private VfsFile writer;
  private VfsFile reader;

  private static byte[] page(int value) {
    byte[] page = new byte[4096];
    Arrays.fill(page, (byte) value);
    return page;
  }

  @BeforeEach
  void open() throws IOException {
    element = TestElement.create();
    session = element.login();
    file =
        SecureFile.open(
            session,
            folder,
            "app.db",
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            SecureOpenOption.TRANSACTION);
    database = new DatabaseFile(file, ScratchFiles.usual());
    writer = database.openMain();
    reader = database.openMain();
    lock(writer);
    writer.write(0, OLD, OLD.length);
    writer.write(4096, OLD, OLD.length);
    writer.commit();
    writer.unlock(LockLevel.NONE);
  }

  @AfterEach
  void close() throws IOException {
    database.close();
    session.close();
    element.close();
  }

  private static void lock(VfsFile file) {
    assertThat(file.lock(LockLevel.SHARED)).isTrue();
    assertThat(file.lock(LockLevel.RESERVED)).isTrue();
    assertThat(file.lock(LockLevel.EXCLUSIVE)).isTrue();
  }

  private byte[] read(long position) throws IOException {
    byte[] page = new byte[4096];
    assertThat(reader.lock(LockLevel.SHARED)).isTrue();
    assertThat(reader.read(position, page, page.length)).isEqualTo(page.length);
    reader.unlock(LockLevel.NONE);
    return page;
  }

  @Test
  void whatIsNotCommittedIsTakenBackWithTheLock() throws IOException {
    VfsFile journal = database.openJournal();
    lock(writer);
    journal.write(0, OLD, OLD.length);
    writer.write(0, NEW, NEW.length);
    writer.write(8192, NEW, NEW.length);
    assertThat(database.hasJournal()).isTrue();
    writer.unlock(LockLevel.SHARED);
    assertThat(read(0)).isEqualTo(OLD);
    assertThat(reader.size()).isEqualTo(8192);
    assertThat(database.hasJournal()).isFalse();
  }

  @Test
  void aCloseTakesBackToo() throws IOException {
    lock(writer);
    writer.write(0, NEW, NEW.length);
    writer.close();
    assertThat(read(0)).isEqualTo(OLD);
  }

  @Test
  void aCutAfterTheCommitStays() throws IOException {
    lock(writer);
    writer.write(0, NEW, NEW.length);
    writer.commit();
    writer.truncate(4096);
    writer.unlock(LockLevel.NONE);
    assertThat(read(0)).isEqualTo(NEW);
    assertThat(reader.size()).isEqualTo(4096);
  }

  @Test
  void aCutBeforeTheCommitIsTakenBack() throws IOException {
    lock(writer);
    writer.truncate(4096);
    writer.unlock(LockLevel.NONE);
    assertThat(reader.size()).isEqualTo(8192);
    assertThat(read(4096)).isEqualTo(OLD);
  }

  /** A first page that differs from another one only in the numbers of a commit. */
  private static byte[] counted(byte[] page, int commit) {
    byte[] counted = page.clone();
    ByteBuffer.wrap(counted).putInt(24, commit).putInt(92, commit).putInt(96, 3_054_001);
    return counted;
  }

  private void commitFirst(byte[] page) throws IOException {
    lock(writer);
    writer.write(0, page, page.length);
    writer.commit();
    writer.unlock(LockLevel.NONE);
  }

  private byte[] firstInFile() throws IOException {
    byte[] page = new byte[4096];
    assertThat(file.pread(0, page, 0, page.length)).isEqualTo(page.length);
    return page;
  }

  @Test
  void aChangeCounterAloneIsShownAndNotWritten() throws IOException {
    for (int commit = 7; commit < 10; commit++) {
      commitFirst(counted(OLD, commit));
      assertThat(read(0)).isEqualTo(counted(OLD, commit));
      assertThat(firstInFile()).isEqualTo(OLD);
    }
    byte[] numbers = new byte[16];
    assertThat(reader.lock(LockLevel.SHARED)).isTrue();
    assertThat(reader.read(24, numbers, numbers.length)).isEqualTo(numbers.length);
    assertThat(numbers).isEqualTo(Arrays.copyOfRange(counted(OLD, 9), 24, 40));
    reader.unlock(LockLevel.NONE);
  }

  @Test
  void aChangeCounterWithSomethingElseIsWritten() throws IOException {
    for (int at : new int[] {0, 23, 28, 91, 100, 4095}) {
      commitFirst(counted(OLD, 7));
      byte[] other = counted(OLD, 8);
      other[at]++;
      commitFirst(other);
      assertThat(firstInFile()).isEqualTo(other);
      assertThat(read(0)).isEqualTo(other);
      commitFirst(OLD);
    }
  }

  @Test
  void aChangeCounterThatIsNotCommittedIsTakenBack() throws IOException {
    commitFirst(counted(OLD, 7));
    lock(writer);
    writer.write(0, counted(OLD, 8), 4096);
    assertThat(readUnderLock(0)).isEqualTo(counted(OLD, 8));
    writer.unlock(LockLevel.NONE);
    assertThat(read(0)).isEqualTo(counted(OLD, 7));
    lock(writer);
    writer.write(0, NEW, 4096);
    writer.write(0, counted(NEW, 9), 4096);
    assertThat(readUnderLock(0)).isEqualTo(counted(NEW, 9));
    writer.unlock(LockLevel.NONE);
    assertThat(read(0)).isEqualTo(counted(OLD, 7));
  }

  @Test
  void newContentHasAGreaterChangeCounterThanWasShown() throws IOException {
    commitFirst(counted(OLD, 7000));
    lock(writer);
    try (DatabaseReplacement replacement = database.replace()) {
      replacement.openMain().write(0, counted(NEW, 3), 4096);
      replacement.commit();
    }
    writer.unlock(LockLevel.NONE);
    assertThat(ByteBuffer.wrap(read(0)).getInt(24)).isGreaterThan(7000);
    assertThat(firstInFile()).isEqualTo(read(0));
  }

  @Test
  void whatWasReadAheadIsForgottenWhenItMayHaveChanged() throws IOException {
    int changed = 12 * 4096;
    lock(writer);
    for (int page = 0; page < 64; page++) {
      writer.write(page * 4096L, OLD, OLD.length);
    }
    writer.commit();
    writer.unlock(LockLevel.NONE);

    readInOrder();
    reader.unlock(LockLevel.NONE);
    lock(writer);
    writer.write(changed, NEW, NEW.length);
    writer.commit();
    writer.unlock(LockLevel.NONE);
    assertThat(read(changed)).isEqualTo(NEW);

    readInOrder();
    lock(reader);
    reader.write(changed, OLD, OLD.length);
    assertThat(readUnderLock(changed)).isEqualTo(OLD);
    readInOrder();
    reader.truncate(changed);
    assertThat(reader.read(changed, new byte[4096], 4096)).isZero();
    reader.unlock(LockLevel.NONE);
  }

  private void readInOrder() throws IOException {
    assertThat(reader.lock(LockLevel.SHARED)).isTrue();
    for (int page = 0; page < 10; page++) {
      readUnderLock(page * 4096L);
    }
  }

  private byte[] readUnderLock(long position) throws IOException {
    byte[] page = new byte[4096];
    assertThat(reader.read(position, page, page.length)).isEqualTo(page.length);
    return page;
  }
}
