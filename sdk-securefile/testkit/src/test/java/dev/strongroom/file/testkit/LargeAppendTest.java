// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Large appends go to their place past the cache, beside the caller. */
final class LargeAppendTest {

  private static final int CALL = 128 << 10;
  private static final int LENGTH = 24 * CALL;

  private static final VolumeOptions OPTIONS =
      VolumeOptions.builder().cacheBytes(8 << 20).journalBytes(1 << 20).build();

  private static byte[] content(int seed) {
    byte[] content = new byte[LENGTH];
    new Random(seed).nextBytes(content);
    return content;
  }

  private static void write(SecureFile file, byte[] content) throws IOException {
    for (int at = 0; at < content.length; at += CALL) {
      file.pwrite(at, content, at, CALL);
    }
  }

  private static void assertHolds(SecureFile file, byte[] content) throws IOException {
    byte[] found = new byte[content.length];
    assertThat(file.pread(0, found, 0, found.length)).isEqualTo(found.length);
    assertThat(Arrays.equals(found, content)).isTrue();
  }

  @Test
  void whatIsOnItsWayIsReadOverwrittenCutAndBegunAnew() throws IOException {
    try (ElementSession session = TestElement.create().login()) {
      MemoryStore store = new MemoryStore();
      byte[] content = content(1);
      try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS);
          SecureFile file = volume.openFile("file", CREATE, READ, WRITE)) {
        write(file, content);
        assertHolds(file, content);
        byte[] patch = content(2);
        for (int at : new int[] {LENGTH - 5000, 2 * CALL + 1, LENGTH - 2 * CALL}) {
          file.pwrite(at, patch, 0, 5000);
          System.arraycopy(patch, 0, content, at, 5000);
        }
        System.arraycopy(patch, 0, content, LENGTH - CALL, CALL);
        file.pwrite(LENGTH - CALL, patch, 0, CALL);
        file.truncate(LENGTH - 100);
        file.truncate(LENGTH);
        Arrays.fill(content, LENGTH - 100, LENGTH, (byte) 0);
        assertHolds(file, content);
        file.sync();
        assertHolds(file, content);
      }
      byte[] anew = content(3);
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
        try (SecureFile file = volume.openFile("file", READ, WRITE)) {
          assertHolds(file, content);
        }
        try (SecureFile file = volume.openFile("file", READ, WRITE, TRUNCATE_EXISTING)) {
          write(file, anew);
          assertHolds(file, anew);
        }
      }
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS);
          SecureFile file = volume.openFile("file", READ)) {
        assertHolds(file, anew);
      }
      store.assertAllClosed();
    }
  }

  /** A truncated file is written to its place, not to the scratch file and from there to it. */
  @Test
  void aFileThatIsBegunAnewIsWrittenOnce() throws IOException {
    try (ElementSession session = TestElement.create().login()) {
      FaultyStore store = new FaultyStore(new MemoryStore());
      try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS)) {
        try (SecureFile file = volume.openFile("file", CREATE, WRITE)) {
          write(file, content(1));
          file.sync();
        }
        volume.sync();
        long before = store.counters().bytes(StoreOperation.WRITE, name -> true);
        try (SecureFile file = volume.openFile("file", WRITE, TRUNCATE_EXISTING)) {
          write(file, content(2));
          file.sync();
        }
        long written = store.counters().bytes(StoreOperation.WRITE, name -> true) - before;
        // What had been written before the truncation was published went through the journal.
        assertThat(written).isBetween((long) LENGTH, LENGTH + 3L * (1 << 20));
      }
    }
  }

  /**
   * The first write that fails, whichever it is, loses nothing: it is tried again at the commit.
   */
  @Test
  void aWriteThatFailsOnItsWayIsTakenBack() throws IOException {
    try (ElementSession session = TestElement.create().login()) {
      byte[] content = content(4);
      for (int n = 1; n <= 12; n++) {
        MemoryStore memory = new MemoryStore();
        FaultyStore store = new FaultyStore(memory);
        try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS);
            SecureFile file = volume.openFile("file", CREATE, READ, WRITE)) {
          file.write(content, 0, CALL);
          file.sync();
          store.arm(FaultPlan.of(Fault.IO_ERROR).on(StoreOperation.WRITE).at(n));
          write(file, content);
          assertHolds(file, content);
          assertThat(store.struck()).as("write %d", n).isEqualTo(1);
          store.disarm();
          file.sync();
          assertHolds(file, content);
        }
        try (SecureFileSystem volume = SecureFileSystem.open(session, memory, OPTIONS);
            SecureFile file = volume.openFile("file", READ)) {
          assertHolds(file, content);
        }
      }
    }
  }

  /** What is written over a run that fails on its way is newer than what comes back. */
  @Test
  void whatIsWrittenOverARunThatFailsStays() throws IOException {
    byte[] over = new byte[4096];
    java.util.Arrays.fill(over, (byte) 7);
    try (ElementSession session = TestElement.create().login()) {
      for (int n = 1; n <= 12; n++) {
        byte[] content = content(4);
        FaultyStore store = new FaultyStore(new MemoryStore());
        try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS);
            SecureFile file = volume.openFile("file", CREATE, READ, WRITE)) {
          file.write(content, 0, CALL);
          file.sync();
          store.arm(FaultPlan.of(Fault.IO_ERROR).on(StoreOperation.WRITE).at(n));
          file.seek(0);
          for (int at = 0; at < content.length; at += CALL) {
            file.write(content, at, CALL);
            int whole = at + CALL - 8192;
            int part = at + CALL - 4096 + 50;
            file.pwrite(whole, over, 0, 4096);
            file.pwrite(part, over, 0, 100);
            System.arraycopy(over, 0, content, whole, 4096);
            System.arraycopy(over, 0, content, part, 100);
          }
          store.disarm();
          assertHolds(file, content);
          file.sync();
          assertHolds(file, content);
        }
      }
    }
  }
}
