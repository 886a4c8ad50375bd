// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What SEcube's encrypted files (SEfile) let pass or lose, one test for each: here it is refused,
 * or works. The sectors of a small file lie in its host file behind the two copies of its header.
 */
@DisplayName("What SEfile lets pass or loses")
class SefileRegressionTest {

  private static final int BLOCK = 4096;
  private static final int SECTORS_AT = 2 * BLOCK;
  private static final int LENGTH = 5 * BLOCK + 1000;

  /** The first sector whose entry is in a tag page, and where that page and the sector lie. */
  private static final int FIRST_IN_TREE = 32;

  private static final int TAG_PAGE_AT = SECTORS_AT + FIRST_IN_TREE * BLOCK;

  private static TestElement element;
  private static ElementSession session;

  private MemoryStore store = new MemoryStore();
  private String host = "";
  private byte[] content = new byte[0];

  @BeforeAll
  static void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  @BeforeEach
  void makeVolume() throws IOException {
    store = new MemoryStore();
    content = SampleBytes.of(1, LENGTH);
    SecureFileSystem.create(session, store, ModelledVolume.SMALL).close();
    write("f", 0, content);
    host = host("f");
  }

  private SecureFileSystem open(MemoryStore volume) throws IOException {
    return SecureFileSystem.open(session, volume, ModelledVolume.SMALL);
  }

  /** Writes and closes in order, so that everything is in place. */
  private void write(String path, long position, byte[] bytes) throws IOException {
    OpenOption[] options = {StandardOpenOption.CREATE, StandardOpenOption.WRITE};
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile(path, options)) {
      file.pwrite(position, bytes, 0, bytes.length);
      file.sync();
    }
  }

  private String host(String path) throws IOException {
    try (SecureFileSystem volume = open(store.copy())) {
      return volume.stat(path).hostName();
    }
  }

  private byte[] read(MemoryStore volume, String path) throws IOException {
    try (SecureFileSystem opened = open(volume)) {
      return ModelledVolume.content(opened, path);
    }
  }

  private static byte[] xor(byte[] first, byte[] second) {
    byte[] result = new byte[Math.min(first.length, second.length)];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) (first[i] ^ second[i]);
    }
    return result;
  }

  private byte[] sector(int index) throws IOException {
    int at = SECTORS_AT + index * BLOCK;
    return Arrays.copyOfRange(store.content(host), at, at + BLOCK);
  }

  private MemoryStore changed(String name, byte[] bytes) throws IOException {
    MemoryStore copy = store.copy();
    copy.replaceContent(name, bytes);
    return copy;
  }

  /** One sector cannot be read, and what lies beside it can. */
  private void assertOnlyRefused(MemoryStore volume, int sector, int sectors) throws IOException {
    try (SecureFileSystem opened = open(volume);
        SecureFile file = opened.openFile("f", StandardOpenOption.READ)) {
      byte[] one = new byte[BLOCK];
      for (int i = 0; i < sectors; i++) {
        long at = (long) i * BLOCK;
        if (i == sector) {
          assertThatThrownBy(() -> file.pread(at, one, 0, BLOCK))
              .isInstanceOfSatisfying(
                  IntegrityException.class,
                  e -> {
                    assertThat(e.sector()).isEqualTo(sector);
                    assertThat(e.from()).isEqualTo(at);
                  });
        } else {
          int count = file.pread(at, one, 0, BLOCK);
          byte[] expected = Arrays.copyOfRange(content, (int) at, (int) at + count);
          assertThat(Arrays.copyOf(one, count)).as("sector %d", i).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  @DisplayName("1. A sector written twice: XOR of both states is not XOR of the contents")
  void rewriteXor() throws IOException {
    for (int length : new int[] {BLOCK, 1}) {
      byte[] before = sector(1);
      byte[] old = Arrays.copyOfRange(content, BLOCK, 2 * BLOCK);
      byte[] patch = SampleBytes.of(7 + length, length);
      write("f", BLOCK, patch);
      System.arraycopy(patch, 0, content, BLOCK, length);
      byte[] contents = xor(old, Arrays.copyOfRange(content, BLOCK, 2 * BLOCK));
      byte[] states = xor(before, sector(1));
      for (int at = 0; at < BLOCK; at += 16) {
        assertThat(Arrays.copyOfRange(states, at, at + 16))
            .as("bytes from %d on", at)
            .isNotEqualTo(Arrays.copyOfRange(contents, at, at + 16));
      }
    }
    // An append that fills the last sector up writes what was there again: under another nonce.
    byte[] before = sector(5);
    write("f", LENGTH, SampleBytes.of(9, 100));
    byte[] kept = xor(before, sector(5));
    for (int at = 0; at < 992; at += 16) {
      assertThat(Arrays.copyOfRange(kept, at, at + 16)).isNotEqualTo(new byte[16]);
    }
  }

  @Test
  @DisplayName("2. An old copy of one sector, put back, is refused")
  void sectorRollback() throws IOException {
    byte[] old = store.content(host);
    byte[] patch = SampleBytes.of(2, 100);
    write("f", 2 * BLOCK + 50, patch);
    System.arraycopy(patch, 0, content, 2 * BLOCK + 50, patch.length);
    byte[] now = store.content(host);
    int at = SECTORS_AT + 2 * BLOCK;
    System.arraycopy(old, at, now, at, BLOCK);
    assertOnlyRefused(changed(host, now), 2, 6);
  }

  @Test
  @DisplayName("2b. An old copy of a sector, put back with its tag page, is refused")
  void sectorRollbackWithItsTagPage() throws IOException {
    long first = (long) FIRST_IN_TREE * BLOCK;
    write("f", first, SampleBytes.of(3, 2 * BLOCK));
    write("f", first + 130L * BLOCK, SampleBytes.of(3, 10)); // the last sector is in another page
    byte[] old = store.content(host);
    write("f", first, SampleBytes.of(4, BLOCK));
    byte[] now = store.content(host);
    assertThat(Arrays.mismatch(old, TAG_PAGE_AT, old.length, now, TAG_PAGE_AT, now.length))
        .isNotNegative();
    System.arraycopy(old, TAG_PAGE_AT, now, TAG_PAGE_AT, 2 * BLOCK);
    try (SecureFileSystem volume = open(changed(host, now));
        SecureFile file = volume.openFile("f", StandardOpenOption.READ)) {
      byte[] one = new byte[BLOCK];
      assertThatThrownBy(() -> file.pread(first, one, 0, BLOCK))
          .isInstanceOfSatisfying(
              IntegrityException.class, e -> assertThat(e.check()).startsWith("tag page"));
      assertThat(file.pread(0, one, 0, BLOCK)).isEqualTo(BLOCK);
    }
  }

  @Test
  @DisplayName("3. A host file cut at a sector's end is not a shorter file")
  void cutAtBoundary() throws IOException {
    byte[] whole = store.content(host);
    for (int sectors = 5; sectors >= 0; sectors--) {
      int first = sectors;
      MemoryStore cut = changed(host, Arrays.copyOf(whole, SECTORS_AT + sectors * BLOCK));
      try (SecureFileSystem volume = open(cut)) {
        assertThat(volume.stat("f").size()).isEqualTo(LENGTH);
        assertThatThrownBy(
                () -> {
                  try (SecureFile file = volume.openFile("f", StandardOpenOption.READ)) {
                    file.pread((long) first * BLOCK, new byte[1], 0, 1);
                  }
                })
            .isInstanceOf(IntegrityException.class);
      }
    }
    MemoryStore headless = changed(host, new byte[0]);
    assertThatThrownBy(() -> read(headless, "f")).isInstanceOf(IntegrityException.class);
  }

  @Test
  @DisplayName("4. No bit of the header can be flipped: refused in both copies, repaired in one")
  void headerBitFlip() throws IOException {
    byte[] whole = store.content(host);
    for (int at = 0; at < BLOCK; at += at < 1400 ? 3 : 211) {
      byte[] both = whole.clone();
      both[at] ^= (byte) (1 << (at % 8));
      both[BLOCK + at] ^= (byte) (1 << (at % 8));
      MemoryStore damaged = changed(host, both);
      assertThatThrownBy(() -> read(damaged, "f"))
          .as("bit in byte %d of both copies", at)
          .isInstanceOfAny(
              IntegrityException.class, dev.strongroom.file.FormatVersionException.class);
    }
    for (int copy = 0; copy < 2; copy++) {
      byte[] one = whole.clone();
      one[copy * BLOCK + 500] ^= 1;
      MemoryStore repaired = changed(host, one);
      assertThat(read(repaired, "f")).isEqualTo(content);
      assertThat(repaired.content(host)).as("copy %d is repaired", copy).isEqualTo(whole);
    }
  }

  @Test
  @DisplayName("5. Two files that change places on the disk are both refused")
  void renameSwap() throws IOException {
    byte[] other = SampleBytes.of(5, 3000);
    write("g", 0, other);
    String second = host("g");
    MemoryStore swapped = store.copy();
    swapped.move(host, "strongroom.files/aside");
    swapped.move(second, host);
    swapped.move("strongroom.files/aside", second);
    for (String path : new String[] {"f", "g"}) {
      assertThatThrownBy(() -> read(swapped, path))
          .as(path)
          .isInstanceOfSatisfying(
              IntegrityException.class, e -> assertThat(e.check()).isEqualTo("header"));
    }
    assertThat(read(store, "g")).isEqualTo(other);
  }

  @Test
  @DisplayName("6. A write over a sector's border changes what it should, and nothing else")
  void crossBoundaryWrite() throws IOException {
    content = Arrays.copyOf(content, 160 * BLOCK);
    write("f", 0, content);
    // Inside the header's entries, from them into the first tag page, and from that to the second.
    for (int border : new int[] {1, FIRST_IN_TREE, FIRST_IN_TREE + 120}) {
      byte[] patch = SampleBytes.of(border, 300);
      int at = border * BLOCK - 150;
      write("f", at, patch);
      System.arraycopy(patch, 0, content, at, patch.length);
      assertThat(read(store, "f")).as("border %d", border).isEqualTo(content);
    }
  }

  @Test
  @DisplayName("7. A file that is lengthened reads as zeros there, to the byte")
  void grow() throws IOException {
    for (int length : new int[] {LENGTH + 1, 6 * BLOCK, 33 * BLOCK + 7, 200 * BLOCK}) {
      try (SecureFileSystem volume = open(store);
          SecureFile file = volume.openFile("f", StandardOpenOption.WRITE)) {
        file.truncate(length);
        file.sync();
      }
      content = Arrays.copyOf(content, length);
      assertThat(read(store, "f")).isEqualTo(content);
    }
    // What was cut off does not come back.
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", StandardOpenOption.WRITE)) {
      file.truncate(BLOCK + 10);
      file.truncate(3 * BLOCK);
      file.sync();
    }
    content = Arrays.copyOf(Arrays.copyOf(content, BLOCK + 10), 3 * BLOCK);
    assertThat(read(store, "f")).isEqualTo(content);
  }

  @Test
  @DisplayName("8. A write far behind the end leaves a hole that costs nothing and reads as zeros")
  void sparseSeek() throws IOException {
    long far = (5L << 30) + 123;
    byte[] patch = SampleBytes.of(8, 100);
    long before = store.allocatedBytes();
    write("f", far, patch);
    assertThat(store.allocatedBytes() - before).isLessThan(200_000);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", StandardOpenOption.READ)) {
      assertThat(file.size()).isEqualTo(far + patch.length);
      byte[] found = new byte[patch.length];
      assertThat(file.pread(far, found, 0, found.length)).isEqualTo(found.length);
      assertThat(found).isEqualTo(patch);
      for (long at : new long[] {LENGTH, 1L << 32, far - patch.length}) {
        assertThat(file.pread(at, found, 0, found.length)).isEqualTo(found.length);
        assertThat(found).as("bytes at %d", at).containsOnly(0);
      }
      byte[] begin = new byte[LENGTH];
      assertThat(file.pread(0, begin, 0, LENGTH)).isEqualTo(LENGTH);
      assertThat(begin).isEqualTo(content);
    }
  }

  @Test
  @DisplayName("9. After a crash in a write or append the file is as before or after, and usable")
  void tornTail() throws IOException {
    RecordingStore disk = RecordingStore.over(store);
    byte[] changed = Arrays.copyOf(content, LENGTH + 200);
    System.arraycopy(SampleBytes.of(6, 200), 0, changed, LENGTH, 200);
    System.arraycopy(SampleBytes.of(7, 3000), 0, changed, 3000, 3000);
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, ModelledVolume.SMALL);
        SecureFile file = volume.openFile("f", StandardOpenOption.WRITE)) {
      file.pwrite(LENGTH, changed, LENGTH, 200);
      file.pwrite(3000, changed, 3000, 3000);
      file.sync();
    }
    int[] seen = new int[2];
    long states =
        CrashStates.of(disk.log(), CrashModel.strict(), 9)
            .forEach(image -> seen[useAfterCrash(image.store(), changed)]++);
    System.out.println("SefileRegressionTest: " + states + " crash states, seed 9");
    assertThat(seen[0]).as("states as before").isPositive();
    assertThat(seen[1]).as("states as after").isPositive();
  }

  /** Which of both states it is; sizes, appends and reads again, which SEfile cannot. */
  private int useAfterCrash(MemoryStore crashed, byte[] changed) throws IOException {
    byte[] found = read(crashed, "f");
    boolean after = Arrays.equals(found, changed);
    assertThat(after || Arrays.equals(found, content)).as("one of both states").isTrue();
    byte[] more = Arrays.copyOf(found, found.length + 10);
    try (SecureFileSystem volume = open(crashed);
        SecureFile file = volume.openFile("f", StandardOpenOption.WRITE)) {
      assertThat(file.size()).isEqualTo(found.length);
      file.pwrite(found.length, new byte[10], 0, 10);
    }
    assertThat(read(crashed, "f")).isEqualTo(more);
    return after ? 1 : 0;
  }

  @Test
  @DisplayName("10. A torn header is read from its other copy, and both from the journal")
  void tornHeader() throws IOException {
    byte[] old = store.content(host);
    RecordingStore disk = RecordingStore.over(store);
    byte[] patch = SampleBytes.of(6, 100);
    byte[] changed = content.clone();
    System.arraycopy(patch, 0, changed, 0, 100);
    MemoryStore pending;
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, ModelledVolume.SMALL);
        SecureFile file = volume.openFile("f", StandardOpenOption.WRITE)) {
      file.pwrite(0, patch, 0, 100);
      file.sync();
      pending = disk.disk(); // committed, not in place
    }
    byte[] written = disk.disk().content(host);
    assertThat(Arrays.mismatch(old, 0, BLOCK, written, 0, BLOCK)).isNotNegative();
    for (int torn = 512; torn < BLOCK; torn += 512) {
      for (int copy = 0; copy < 2; copy++) {
        byte[] half = written.clone();
        System.arraycopy(old, copy * BLOCK + torn, half, copy * BLOCK + torn, BLOCK - torn);
        MemoryStore closed = disk.disk();
        closed.replaceContent(host, half);
        assertThat(read(closed, "f")).as("copy %d torn at %d", copy, torn).isEqualTo(changed);
      }
      byte[] both = old.clone();
      System.arraycopy(written, 0, both, 0, torn);
      System.arraycopy(written, 0, both, BLOCK, torn);
      MemoryStore crashed = pending.copy();
      crashed.replaceContent(host, both);
      assertThat(read(crashed, "f")).as("both copies torn at %d", torn).isEqualTo(changed);
    }
  }
}
