// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.testkit.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/**
 * Tag pages and inner nodes: a file whose header and tree say what they like, under the right keys,
 * is opened, read, changed and read again.
 */
@Tag("fuzz")
class TagPageFuzzTest {

  private static final SignedVolume VOLUME = new SignedVolume();
  private static final int MAX_PAGES = 6;
  private static final long MAX_POSITION = 64L << 20;

  @FuzzTest(maxDuration = "10m")
  void tagPage(byte[] input) throws IOException {
    accepts(input);
  }

  /** Whether all of the file is read; anything but a refusal of its own type fails. */
  static boolean accepts(byte[] input) throws IOException {
    Fields fields = new Fields(input);
    MemoryStore store = VOLUME.store();
    forge(store, fields);
    Map<Long, byte[]> read = new LinkedHashMap<>();
    boolean whole = false;
    try (SecureFileSystem volume = VOLUME.open(store)) {
      try (SecureFile file =
          volume.openFile(SignedVolume.FILE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        whole = readSome(file, read);
        change(file, fields, read);
      }
    } catch (IOException e) {
      assertThat(SignedVolume.isRefusal(e)).as("%s", e).isTrue();
      return false;
    }
    try (SecureFileSystem volume = VOLUME.open(store);
        SecureFile file = volume.openFile(SignedVolume.FILE, StandardOpenOption.READ)) {
      for (Map.Entry<Long, byte[]> known : read.entrySet()) {
        byte[] again = new byte[known.getValue().length];
        assertThat(file.pread(known.getKey(), again, 0, again.length)).isEqualTo(again.length);
        assertThat(again).as("bytes at %d", known.getKey()).isEqualTo(known.getValue());
      }
    }
    store.assertAllClosed();
    return whole;
  }

  /** Puts a header and pages in place that belong together, whatever they say. */
  private static void forge(MemoryStore store, Fields fields) throws IOException {
    FileHeader header = VOLUME.header();
    int flags = fields.u8();
    header.length = (fields.i64() & Long.MAX_VALUE) % (Layout.MAX_LENGTH + 1);
    if ((flags & 1) != 0) {
      byte[] inline = fields.run();
      System.arraycopy(inline, 0, header.inline, 0, Math.min(inline.length, header.inline.length));
    }
    Layout layout = header.layout();
    byte[] content = store.content(VOLUME.host());
    byte[] digest = (flags & 2) != 0 ? header.root : new byte[TagPage.ENTRY];
    for (int pages = fields.u8() % (MAX_PAGES + 1); pages > 0; pages--) {
      int level = fields.u8() % (Layout.height(Layout.leaves(1L << 48)) + 1);
      long index = fields.u16();
      byte[] page = fields.page();
      if ((flags & 4) == 0) { // else not even where it belongs is as it must be
        byte[] right = TagPage.create(level, index, header.uid, header.epoch);
        System.arraycopy(right, 0, page, 0, TagPage.ENTRIES);
      }
      if ((flags & 8) == 0 && level > 0) { // else the children are what the page says
        System.arraycopy(digest, 0, page, TagPage.offset(fields.u8() % 120), TagPage.ENTRY);
      }
      digest = VOLUME.fileKeys().tree().mac(page, 0, page.length);
      long position = layout.nodePosition(level, index);
      if (position >= 0 && position < MAX_POSITION) {
        content = Arrays.copyOf(content, (int) Math.max(content.length, position + page.length));
        System.arraycopy(page, 0, content, (int) position, page.length);
      }
    }
    header.root = digest;
    byte[] copy =
        Arrays.copyOf(header.encode(VOLUME.fileKeys(), FixedKeys.nonce()), header.headerBytes);
    System.arraycopy(copy, 0, content, 0, copy.length);
    System.arraycopy(copy, 0, content, copy.length, copy.length);
    store.replaceContent(VOLUME.host(), content);
  }

  private static boolean readSome(SecureFile file, Map<Long, byte[]> read) throws IOException {
    long length = file.size();
    boolean whole = true;
    long[] positions = {0, 31 * 4096, 32 * 4096, 152 * 4096L, length / 2, length - 1, length};
    for (long position : positions) {
      if (position < 0) {
        continue;
      }
      byte[] part = new byte[5000];
      try {
        int count = file.pread(position, part, 0, part.length);
        assertThat(count)
            .isEqualTo(position >= length ? -1 : (int) Math.min(5000, length - position));
        if (count > 0) {
          read.put(position, Arrays.copyOf(part, count));
        }
      } catch (IOException e) {
        assertThat(SignedVolume.isRefusal(e)).as("%s", e).isTrue();
        whole = false;
      }
    }
    return whole;
  }

  /**
   * Writes, cuts or lengthens as the input says; what was read before and is changed is left out.
   */
  private static void change(SecureFile file, Fields fields, Map<Long, byte[]> read)
      throws IOException {
    for (int steps = fields.u8() % 4; steps > 0; steps--) {
      int kind = fields.u8() % 3;
      long position = (fields.i64() & Long.MAX_VALUE) % (Layout.MAX_LENGTH - 10_000);
      if (kind == 0) {
        byte[] patch = new byte[1 + fields.u8() * 20];
        Arrays.fill(patch, (byte) 0x5A);
        file.pwrite(position, patch, 0, patch.length);
        read.keySet().removeIf(at -> at < position + patch.length && at + 5000 > position);
        read.put(position, patch);
      } else if (kind == 1) {
        file.truncate(position);
        read.entrySet().removeIf(known -> known.getKey() + known.getValue().length > position);
      } else {
        file.sync();
      }
    }
    file.sync();
  }

  static Map<String, byte[]> seeds() throws IOException {
    byte[] content = VOLUME.store().content(VOLUME.host());
    FileHeader header = VOLUME.header();
    Layout layout = header.layout();
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    ByteArrayOutputStream same = new ByteArrayOutputStream();
    same.write(2); // the root as it is
    same.writeBytes(ByteBuffer.allocate(8).putLong(header.length).array());
    same.write(0);
    same.write(3);
    step(same, 0, 70_000, 10);
    step(same, 2, 0, 0);
    step(same, 1, 600_000, 0);
    seeds.put("as-it-is", same.toByteArray());

    ByteArrayOutputStream holes = new ByteArrayOutputStream();
    holes.write(0);
    holes.writeBytes(ByteBuffer.allocate(8).putLong(1L << 40).array());
    holes.write(0);
    holes.write(2);
    step(holes, 0, 1L << 39, 1);
    step(holes, 1, 5_000_000, 0);
    seeds.put("holes", holes.toByteArray());

    ByteArrayOutputStream pages = new ByteArrayOutputStream();
    pages.write(0);
    pages.writeBytes(ByteBuffer.allocate(8).putLong(header.length).array());
    pages.write(2);
    int leaf = (int) layout.nodePosition(0, 1);
    page(pages, 0, 1, shortened(Arrays.copyOfRange(content, leaf, leaf + Layout.TAG_PAGE)));
    page(pages, 1, 0, new byte[TagPage.ENTRIES]);
    pages.write(1); // the leaf's digest goes here
    pages.write(1);
    step(pages, 0, 300, 100);
    seeds.put("pages", pages.toByteArray());
    return seeds;
  }

  /** Few entries say as much to a fuzzer as many. */
  private static byte[] shortened(byte[] page) {
    return Arrays.copyOf(Arrays.copyOf(page, TagPage.offset(12)), page.length);
  }

  private static void page(ByteArrayOutputStream out, int level, int index, byte[] page) {
    out.write(level);
    out.writeBytes(ByteBuffer.allocate(2).putShort((short) index).array());
    out.writeBytes(Fields.ofPage(page));
  }

  private static void step(ByteArrayOutputStream out, int kind, long position, int length) {
    out.write(kind);
    out.writeBytes(ByteBuffer.allocate(8).putLong(position).array());
    if (kind == 0) {
      out.write(length);
    }
  }
}
