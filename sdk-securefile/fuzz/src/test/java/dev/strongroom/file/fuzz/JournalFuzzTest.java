// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.format.v1.JournalAnchor;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/**
 * Anchors and records of the journal: arbitrary bytes, and arbitrary fields under the right key.
 */
@Tag("fuzz")
class JournalFuzzTest {

  /** Where a record says how many parts it has. */
  private static final int PARTS = 80;

  private static final MacKey KEY = FixedKeys.OF_VOLUME.journal();
  private static final Bytes CHAIN = FixedKeys.run(0x11, 32);
  private static final long ADDRESS = 7 * 4096L;
  private static final long SEQUENCE = 41;
  private static final int ANCHOR_MAC = JournalAnchor.BLOCK - MacKey.LENGTH;
  private static final int LENGTH_AT = 32;
  private static final int CHAIN_AT = 48;
  private static final int PARTS_AT = 80;

  @FuzzTest(maxDuration = "10m")
  void journal(byte[] input) {
    accepts(input);
  }

  /** Whether the anchor or record is read; anything but a refusal of its own type fails. */
  static boolean accepts(byte[] input) {
    Fields fields = new Fields(input);
    return switch (fields.u8() % 4) {
      case 0 -> anchor(fields.bytes(JournalAnchor.BLOCK));
      case 1 -> anchor(signedAnchor(fields));
      case 2 -> record(fields.rest());
      default -> record(signedRecord(fields));
    };
  }

  private static byte[] signedAnchor(Fields fields) {
    byte[] block =
        new JournalAnchor(0, 0, 0, 0, CHAIN, 0, 0, FixedKeys.run(1, 16), false)
            .encode(FixedKeys.VOLUME, KEY);
    byte[] said = fields.bytes(ANCHOR_MAC - 24);
    System.arraycopy(said, 0, block, 24, said.length);
    System.arraycopy(KEY.mac(block, 0, ANCHOR_MAC), 0, block, ANCHOR_MAC, MacKey.LENGTH);
    return block;
  }

  private static boolean anchor(byte[] block) {
    JournalAnchor anchor = JournalAnchor.decode(block, FixedKeys.VOLUME, KEY);
    if (anchor == null) {
      return false;
    }
    byte[] again = anchor.encode(FixedKeys.VOLUME, KEY);
    assertThat(JournalAnchor.decode(again, FixedKeys.VOLUME, KEY)).isEqualTo(anchor);
    // What a journal computes with it: places of records, and the next anchor's block.
    assertThat(anchor.tail() % anchor.capacity()).isNotNegative();
    assertThat(JournalAnchor.RECORDS + anchor.capacity()).isPositive();
    assertThat(anchor.tail() + anchor.capacity()).isPositive();
    assertThat((anchor.number() + 1) % 2).isBetween(-1L, 1L);
    return true;
  }

  /** A head as it must be, then parts that say what they like. */
  private static byte[] signedRecord(Fields fields) {
    JournalRecord.Writer out = new JournalRecord.Writer();
    out.begin(FixedKeys.VOLUME, SEQUENCE, fields.i32(), CHAIN);
    int parts = fields.i32();
    byte[] said = fields.rest();
    out.put(said, 0, said.length);
    int end = out.length();
    out.end(false, false, KEY);
    out.setInt(PARTS, parts);
    byte[] mac = KEY.mac(out.array(), 0, end);
    System.arraycopy(mac, 0, out.array(), end, mac.length);
    return Arrays.copyOf(out.array(), out.length());
  }

  private static boolean record(byte[] bytes) {
    if (bytes.length < JournalRecord.HEAD) {
      return false; // a block is longer
    }
    int length = JournalRecord.lengthOf(bytes, FixedKeys.VOLUME);
    if (length < 0 || length > bytes.length) {
      return false;
    }
    JournalRecord.isAuthentic(bytes, length, KEY);
    Bytes chain = Bytes.copyOf(bytes, CHAIN_AT, 32);
    try {
      JournalRecord record =
          JournalRecord.decode("v", bytes, length, ADDRESS, JournalRecord.sequenceOf(bytes), chain);
      assertThat(record).isNotNull();
      byte[] canonical = written(record, bytes, chain);
      JournalRecord again =
          JournalRecord.decode(
              "v", canonical, lengthIn(canonical), ADDRESS, record.sequence(), chain);
      assertThat(again).isNotNull();
      assertThat(written(again, canonical, chain)).as("written again").isEqualTo(canonical);
      assertThat(lengthIn(canonical)).as("length").isLessThanOrEqualTo(length);
      assertThat(again.removals()).isEqualTo(record.removals());
      assertThat(again.files()).hasSameSizeAs(record.files());
      return true;
    } catch (FormatVersionException | CorruptJournalException e) {
      return false;
    }
  }

  private static int lengthIn(byte[] record) {
    return ByteBuffer.wrap(record).getInt(LENGTH_AT);
  }

  /** The record as a writer would write it: files first, pages without zeros at their end. */
  private static byte[] written(JournalRecord record, byte[] bytes, Bytes chain) {
    JournalRecord.Writer out = new JournalRecord.Writer();
    out.begin(FixedKeys.VOLUME, record.sequence(), record.durableThrough(), chain);
    for (JournalRecord.FileChange change : record.files()) {
      write(out, change, bytes);
    }
    record.removals().forEach(out::removal);
    out.end(record.unsynced(), record.dataSynced(), KEY);
    return Arrays.copyOf(out.array(), out.length());
  }

  private static void write(
      JournalRecord.Writer out, JournalRecord.FileChange change, byte[] bytes) {
    out.beginFile(
        change.uid(),
        change.created(),
        change.unlinked(),
        change.base(),
        change.from(),
        change.host());
    int size = 4096;
    if (!change.sectors().isEmpty()) {
      size =
          ByteBuffer.wrap(bytes).getInt((int) (change.sectors().get(0).address() - ADDRESS) - 16);
    }
    out.putInt(size);
    out.putInt(change.sectors().size());
    for (JournalRecord.SectorSource sector : change.sectors()) {
      out.putLong(sector.sector());
      out.put(bytes, (int) (sector.address() - ADDRESS), size);
    }
    out.putInt(change.scratch().size());
    for (JournalRecord.SectorSource sector : change.scratch()) {
      out.putLong(sector.sector());
      out.putLong(sector.address());
    }
    out.putInt(change.inPlace().size());
    for (JournalRecord.InPlace run : change.inPlace()) {
      out.putLong(run.first());
      out.putLong(run.count());
    }
    out.putLong(change.cut());
    out.putInt(change.pages().size());
    for (JournalRecord.PageImage image : change.pages()) {
      int used = Math.max(8, TagPage.usedLength(image.page()));
      out.putByte(image.level());
      out.putLong(image.index());
      out.putInt(used);
      out.put(image.page(), 0, used);
    }
    out.putInt(change.entries().size());
    for (JournalRecord.EntryChange entry : change.entries()) {
      out.putLong(entry.sector());
      out.put(entry.entry(), 0, TagPage.ENTRY);
    }
    out.putInt(change.header().length);
    out.put(change.header(), 0, change.header().length);
  }

  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    byte[] anchor =
        new JournalAnchor(11, 12 * 4096, 13 * 4096, 14, CHAIN, 15, 16, FixedKeys.run(1, 16), true)
            .encode(FixedKeys.VOLUME, KEY);
    seeds.put("anchor", tagged(1, Arrays.copyOfRange(anchor, 24, 105)));
    seeds.put("raw-anchor", tagged(0, anchor));
    byte[] record = sample();
    seeds.put("raw-record", tagged(2, Arrays.copyOf(record, lengthIn(record))));
    byte[] said = Arrays.copyOfRange(record, JournalRecord.HEAD, lengthIn(record) - MacKey.LENGTH);
    ByteBuffer signed = ByteBuffer.allocate(8 + said.length);
    signed.putInt(39).putInt(ByteBuffer.wrap(record).getInt(PARTS_AT)).put(said);
    seeds.put("record", tagged(3, signed.array()));
    return seeds;
  }

  private static byte[] tagged(int tag, byte[] rest) {
    return ByteBuffer.allocate(1 + rest.length).put((byte) tag).put(rest).array();
  }

  private static byte[] sample() {
    String host = Names.host(FixedKeys.run(0xB0, 32));
    JournalRecord.Writer out = new JournalRecord.Writer();
    out.begin(FixedKeys.VOLUME, SEQUENCE, 39, CHAIN);
    out.beginFile(
        FixedKeys.UID, true, false, FixedKeys.run(0x77, 16), Names.transit(FixedKeys.UID, 2), host);
    out.putInt(4096);
    out.putInt(0);
    out.putInt(1);
    out.putLong(10);
    out.putLong(8192);
    out.putInt(1);
    out.putLong(100);
    out.putLong(300);
    out.putLong(77);
    byte[] page = TagPage.create(1, 9, FixedKeys.UID, 2);
    out.putInt(1);
    out.putByte(1);
    out.putLong(9);
    out.putInt(TagPage.usedLength(page));
    out.put(page, 0, TagPage.usedLength(page));
    out.putInt(1);
    out.putLong(33);
    out.put(FixedKeys.run(0x21, 32).toByteArray(), 0, 32);
    out.putInt(40);
    out.put(FixedKeys.run(3, 40).toByteArray(), 0, 40);
    out.removal(new JournalRecord.Removal(FixedKeys.RND, host, ""));
    out.end(true, false, KEY);
    return Arrays.copyOf(out.array(), out.length());
  }
}
