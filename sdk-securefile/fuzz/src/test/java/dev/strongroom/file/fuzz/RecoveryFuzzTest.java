// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.JournalAnchor;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.Names;
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
 * Recovery: a journal whose records are signed, chained and numbered as they must be, and say what
 * they like.
 */
@Tag("fuzz")
class RecoveryFuzzTest {

  private static final SignedVolume VOLUME = new SignedVolume();
  private static final int MAX_RECORDS = 3;
  private static final int MAX_ITEMS = 4;

  @FuzzTest(maxDuration = "10m")
  void recovery(byte[] input) throws IOException {
    accepts(input);
  }

  /** Whether the volume opens and the file is read; all but a refusal of its own type fails. */
  static boolean accepts(byte[] input) throws IOException {
    Fields fields = new Fields(input);
    MemoryStore store = VOLUME.store();
    forge(store, fields);
    boolean read;
    try (SecureFileSystem volume = VOLUME.open(store)) {
      read = readable(volume);
      assertNeighbour(volume);
    } catch (IOException e) {
      assertThat(SignedVolume.isRefusal(e)).as("%s", e).isTrue();
      store.assertAllClosed();
      return false;
    }
    store.assertAllClosed();
    try (SecureFileSystem volume = VOLUME.open(store)) {
      assertThat(readable(volume)).as("read after another opening").isEqualTo(read);
      assertNeighbour(volume);
    }
    store.assertAllClosed();
    return read;
  }

  private static boolean readable(SecureFileSystem volume) throws IOException {
    byte[] part = new byte[100_000];
    try (SecureFile file = volume.openFile(SignedVolume.FILE, StandardOpenOption.READ)) {
      for (long at = 0; at < Math.min(file.size(), 2 << 20); at += part.length) {
        file.pread(at, part, 0, part.length);
      }
      return true;
    } catch (IOException e) {
      assertThat(SignedVolume.isRefusal(e) || e instanceof java.nio.file.NoSuchFileException)
          .as("%s", e)
          .isTrue();
      return false;
    }
  }

  private static void assertNeighbour(SecureFileSystem volume) throws IOException {
    byte[] found = new byte[SignedVolume.neighbour().length];
    try (SecureFile file = volume.openFile(SignedVolume.NEIGHBOUR, StandardOpenOption.READ)) {
      assertThat(file.size()).isEqualTo(found.length);
      file.pread(0, found, 0, found.length);
    }
    assertThat(found).isEqualTo(SignedVolume.neighbour());
  }

  private static void forge(MemoryStore store, Fields fields) throws IOException {
    byte[] journal = store.content(SignedVolume.JOURNAL);
    long capacity = (long) journal.length - JournalAnchor.RECORDS;
    Bytes chain = FixedKeys.run(0x11, 32);
    int flags = fields.u8();
    for (int number = 0; number < 2; number++) {
      JournalAnchor anchor =
          (flags & 1) == 0
              ? new JournalAnchor(number, capacity, 0, 1, chain, 0, 0, FixedKeys.run(1, 16), false)
              : new JournalAnchor(
                  fields.i64(),
                  fields.i64(),
                  fields.i64(),
                  fields.i64(),
                  chain,
                  fields.i64(),
                  0,
                  FixedKeys.run(1, 16),
                  fields.u8() % 2 == 1);
      byte[] block = anchor.encode(VOLUME.id(), VOLUME.volumeKeys().journal());
      System.arraycopy(block, 0, journal, number * block.length, block.length);
    }
    int at = JournalAnchor.RECORDS;
    Arrays.fill(journal, at, journal.length, (byte) 0);
    JournalRecord.Writer out = new JournalRecord.Writer();
    FileHeader header = VOLUME.header();
    int records = 1 + fields.u8() % MAX_RECORDS;
    for (int n = 1; n <= records; n++) {
      out.begin(VOLUME.id(), n, fields.u8() % 3, chain);
      for (int parts = fields.u8() % 3; parts > 0; parts--) {
        part(out, header, fields);
      }
      int state = fields.u8();
      chain = out.end((state & 1) != 0, (state & 2) != 0, VOLUME.volumeKeys().journal());
      if (at + out.length() <= journal.length) {
        System.arraycopy(out.array(), 0, journal, at, out.length());
        at += out.length();
      }
    }
    store.replaceContent(SignedVolume.JOURNAL, journal);
  }

  private static void part(JournalRecord.Writer out, FileHeader header, Fields fields) {
    int kind = fields.u8();
    if (kind % 8 == 7) {
      out.removal(new JournalRecord.Removal(uid(header, fields), host(fields), host(fields)));
      return;
    }
    int flags = fields.u8();
    Bytes base = (flags & 4) == 0 ? header.tag : Bytes.copyOf(fields.bytes(16));
    Bytes uid = (flags & 8) == 0 ? header.uid : Bytes.copyOf(fields.bytes(16));
    out.beginFile(uid, (flags & 1) != 0, (flags & 2) != 0, base, host(fields), host(fields));
    out.putInt((flags & 16) == 0 ? 4096 : fields.i32());
    int sectors = count(out, fields);
    for (int i = 0; i < sectors; i++) {
      out.putLong(number(fields));
      byte[] sector = fields.page();
      out.put(sector, 0, sector.length);
    }
    int scratch = count(out, fields);
    for (int i = 0; i < scratch; i++) {
      out.putLong(number(fields));
      out.putLong(number(fields));
    }
    int runs = count(out, fields);
    for (int i = 0; i < runs; i++) {
      out.putLong(number(fields));
      out.putLong(number(fields));
    }
    out.putLong((flags & 32) == 0 ? JournalRecord.NO_CUT : number(fields));
    int pages = count(out, fields);
    for (int i = 0; i < pages; i++) {
      page(out, header, fields);
    }
    int entries = count(out, fields);
    for (int i = 0; i < entries; i++) {
      out.putLong(number(fields));
      out.put(fields.bytes(TagPage.ENTRY), 0, TagPage.ENTRY);
    }
    header(out, header, fields);
  }

  private static void page(JournalRecord.Writer out, FileHeader header, Fields fields) {
    int level = fields.u8();
    long index = number(fields);
    byte[] page = fields.page();
    if (level < 128) {
      byte[] right = TagPage.create(level, index, header.uid, header.epoch);
      System.arraycopy(right, 0, page, 0, TagPage.ENTRIES);
    }
    int used = fields.u8() == 1 ? fields.i32() : TagPage.usedLength(page);
    out.putByte(level & 127);
    out.putLong(index);
    out.putInt(used);
    out.put(page, 0, Math.max(0, Math.min(used, page.length)));
  }

  private static void header(JournalRecord.Writer out, FileHeader header, Fields fields) {
    int flags = fields.u8();
    header.generation++;
    if ((flags & 1) != 0) {
      header.length = (fields.i64() & Long.MAX_VALUE) % (Layout.MAX_LENGTH + 1);
    }
    if ((flags & 2) != 0) {
      header.root = fields.bytes(TagPage.ENTRY);
    }
    if ((flags & 4) != 0) {
      header.generation = fields.i64();
    }
    if ((flags & 8) != 0) {
      byte[] inline = fields.run();
      System.arraycopy(inline, 0, header.inline, 0, Math.min(inline.length, header.inline.length));
    }
    byte[] bytes = header.encode(VOLUME.fileKeys(), FixedKeys.nonce());
    if ((flags & 16) != 0) {
      bytes = fields.run();
    }
    out.putInt((flags & 32) != 0 ? fields.i32() : bytes.length);
    out.put(bytes, 0, bytes.length);
  }

  private static int count(JournalRecord.Writer out, Fields fields) {
    int said = fields.u8();
    int there = said % MAX_ITEMS;
    out.putInt(said >= 128 ? fields.i32() : there);
    return there;
  }

  /** Small ones, mostly: sectors and pages that the file has. */
  private static long number(Fields fields) {
    int kind = fields.u8();
    return kind == 255 ? fields.i64() : kind == 254 ? fields.i32() * 4096L : kind * 2L;
  }

  private static Bytes uid(FileHeader header, Fields fields) {
    return fields.u8() % 2 == 0 ? header.uid : Bytes.copyOf(fields.bytes(16));
  }

  private static String host(Fields fields) {
    return switch (fields.u8() % 6) {
      case 0 -> VOLUME.host();
      case 1 -> "";
      case 2 -> Names.transit(VOLUME.header().uid, fields.u8());
      case 3 -> Names.host(FixedKeys.run(fields.u8(), 32));
      case 4 -> "../outside/" + fields.u8();
      default ->
          new String(fields.bytes(fields.u8() % 40), java.nio.charset.StandardCharsets.US_ASCII);
    };
  }

  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    seeds.put("same-again", record(0, 0));
    seeds.put("cut-to-nothing", cut());
    ByteArrayOutputStream anchors = new ByteArrayOutputStream();
    anchors.write(1);
    for (int number = 0; number < 2; number++) {
      long[] values = {number, (256 << 10) - JournalAnchor.RECORDS, 0, 1, 0};
      for (long value : values) {
        anchors.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
      }
      anchors.write(0);
    }
    byte[] again = record(0, 0);
    anchors.write(again, 1, again.length - 1);
    seeds.put("anchors", anchors.toByteArray());
    return seeds;
  }

  /** One record with one part that changes nothing, for a file in a host file of some kind. */
  private static byte[] record(int flags, int host) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0); // anchors as they must be
    out.write(0); // one record
    out.write(0); // nothing durable
    out.write(1); // one part
    out.write(0); // of a file
    out.write(flags);
    out.write(0); // from where it lies
    out.write(host);
    if (host == 3) {
      out.write(7);
    }
    out.writeBytes(new byte[3]); // no sectors, scratch, runs
    if ((flags & 32) != 0) {
      out.write(0);
    }
    out.writeBytes(new byte[2]); // no pages, entries
    return out.toByteArray();
  }

  private static byte[] cut() {
    byte[] record = record(32, 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(record);
    out.write(1 + 2 + 8); // length, root, entries
    out.writeBytes(new byte[8]);
    out.writeBytes(new byte[TagPage.ENTRY]);
    out.writeBytes(Fields.ofRun(new byte[Layout.INLINE * TagPage.ENTRY]));
    return out.toByteArray();
  }
}
