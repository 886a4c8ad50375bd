// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static dev.strongroom.file.SecureOpenOption.TRANSACTION;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.CommitTooLargeException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Commits that need more journal than there is. */
final class LargeCommitTest {

  private static final int JOURNAL = 256 << 10;
  private static final int CHUNK = 1 << 20;
  private static final int CHUNKS = 24;

  private static VolumeOptions options(long limit) {
    return VolumeOptions.builder()
        .cacheBytes(1 << 20)
        .journalBytes(JOURNAL)
        .journalLimitBytes(limit)
        .build();
  }

  @Test
  void aCommitBeyondTheLimitIsRefusedAndNothingIsLost() throws IOException {
    try (ElementSession session = TestElement.create().login()) {
      MemoryStore store = new MemoryStore();
      try (SecureFileSystem volume = SecureFileSystem.create(session, store, options(JOURNAL))) {
        try (SecureFile file = volume.openFile("file", CREATE, WRITE)) {
          file.write(SampleBytes.of(1, 5000));
          file.sync();
        }
        try (SecureFile file = volume.openFile("file", READ, WRITE, TRANSACTION)) {
          fill(file);
          CommitTooLargeException refused =
              catchThrowableOfType(CommitTooLargeException.class, file::commit);
          assertThat(refused.limit()).isEqualTo(JOURNAL);
          assertThat(refused.needed()).isGreaterThan(JOURNAL);
        }
      }
      // The same with a higher limit: the journal grows.
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, options(64 << 20))) {
        assertThat(volume.stat("file").size()).isEqualTo(5000);
        try (SecureFile file = volume.openFile("file", READ, WRITE, TRANSACTION)) {
          byte[] before = new byte[5000];
          file.pread(0, before, 0, before.length);
          assertThat(before).isEqualTo(SampleBytes.of(1, 5000));
          fill(file);
          file.commit();
        }
      }
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, options(64 << 20));
          SecureFile file = volume.openFile("file")) {
        byte[] found = new byte[CHUNK];
        for (int i = 0; i < CHUNKS; i++) {
          file.pread((long) i * CHUNK, found, 0, CHUNK);
          assertThat(java.util.Arrays.equals(found, SampleBytes.of(i, CHUNK))).isTrue();
        }
      }
    }
  }

  private static void fill(SecureFile file) throws IOException {
    for (int i = 0; i < CHUNKS; i++) {
      file.pwrite((long) i * CHUNK, SampleBytes.of(i, CHUNK), 0, CHUNK);
    }
  }
}
