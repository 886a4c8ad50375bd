// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records of the journal byte by byte. */
class JournalRecordTest {

  private static final Bytes CHAIN = Sample.run(0x11, 32);
  private static final long ADDRESS = 7 * 4096L;
  private static final Bytes BASE = Sample.run(0x77, 16);
  private static final String FROM = "strongroom.files/transit/" + Sample.UID;
  private static final String HOST = Names.host(Sample.run(0xB0, 32));

  private final VolumeKeys keys = Sample.volumeKeys(0);
  private final byte[] header = Sample.run(3, 700).toByteArray();
  private final byte[] entry = Sample.run(0x21, 32).toByteArray();
  private final byte[] page = TagPage.create(1, 9, Sample.UID, 2);
  private final byte[] first = cipher(1);
  private final byte[] second = cipher(2);

  @AfterEach
  void closeKeys() {
    keys.close();
  }

  private static byte[] cipher(int seed) {
    byte[] bytes = new byte[4096];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void begin(JournalRecord.Writer out) {
    out.begin(Sample.VOLUME, 41, 39, CHAIN);
  }

  private void putFile(JournalRecord.Writer out) {
    out.beginFile(Sample.UID, true, true, BASE, FROM, HOST);
    out.putInt(4096);
    out.putInt(2);
    out.putLong(8);
    int at = out.room(4096, 16);
    System.arraycopy(first, 0, out.array(), at, 4096);
    Arrays.fill(out.array(), at + 4096, at + 4112, (byte) 0xEE); // scratch, overwritten later
    out.putLong(9);
    out.put(second, 0, 4096);
    out.putInt(1);
    out.putLong(10);
    out.putLong(8192);
    out.putInt(1);
    out.putLong(100);
    out.putLong(300);
    out.putLong(77);
    out.putInt(1);
    out.putByte(1);
    out.putLong(9);
    out.putInt(TagPage.usedLength(page));
    out.put(page, 0, TagPage.usedLength(page));
    out.putInt(1);
    out.putLong(33);
    out.put(entry, 0, 32);
    out.putInt(header.length);
    out.put(header, 0, header.length);
  }

  private byte[] whole(boolean unsynced) {
    JournalRecord.Writer out = new JournalRecord.Writer();
    begin(out);
    putFile(out);
    out.removal(new JournalRecord.Removal(Sample.RND, HOST, ""));
    out.end(unsynced, false, keys.journal());
    return Arrays.copyOf(out.array(), out.length());
  }

  private static JournalRecord decoded(byte[] bytes)
      throws FormatVersionException, CorruptJournalException {
    int length = JournalRecord.lengthOf(bytes, Sample.VOLUME);
    return Objects.requireNonNull(JournalRecord.decode("v", bytes, length, ADDRESS, 41, CHAIN));
  }

  @Test
  void everyFieldComesBack() throws Exception {
    byte[] bytes = whole(true);
    JournalRecord record = decoded(bytes);
    assertThat(record.sequence()).isEqualTo(41);
    assertThat(record.address()).isEqualTo(ADDRESS);
    assertThat(record.unsynced()).isTrue();
    assertThat(record.durableThrough()).isEqualTo(39);
    assertThat(record.removals()).containsExactly(new JournalRecord.Removal(Sample.RND, HOST, ""));
    assertThat(record.files()).hasSize(1);
    JournalRecord.FileChange change = record.files().get(0);
    assertThat(change.uid()).isEqualTo(Sample.UID);
    assertThat(change.created()).isTrue();
    assertThat(change.unlinked()).isTrue();
    assertThat(change.base()).isEqualTo(BASE);
    assertThat(change.from()).isEqualTo(FROM);
    assertThat(change.host()).isEqualTo(HOST);
    assertThat(change.header()).isEqualTo(header);
    assertThat(change.sectorBytes()).isEqualTo(4096);
    assertThat(change.cut()).isEqualTo(77);
    assertThat(change.pages()).hasSize(1);
    assertThat(change.pages().get(0).level()).isEqualTo(1);
    assertThat(change.pages().get(0).index()).isEqualTo(9);
    assertThat(change.pages().get(0).page()).isEqualTo(page);
    assertThat(change.entries()).hasSize(1);
    assertThat(change.entries().get(0).sector()).isEqualTo(33);
    assertThat(change.entries().get(0).entry()).isEqualTo(entry);
    assertThat(change.scratch()).containsExactly(new JournalRecord.SectorSource(10, 8192));
    assertThat(change.inPlace()).containsExactly(new JournalRecord.InPlace(100, 300));
    assertThat(change.sectors())
        .extracting(JournalRecord.SectorSource::sector)
        .containsExactly(8L, 9L);
    int at = (int) (change.sectors().get(0).address() - ADDRESS);
    assertThat(Arrays.copyOfRange(bytes, at, at + 4096)).isEqualTo(first);
    at = (int) (change.sectors().get(1).address() - ADDRESS);
    assertThat(Arrays.copyOfRange(bytes, at, at + 4096)).isEqualTo(second);
  }

  @Test
  void theHeadStandsAsTheSpecificationSays() throws Exception {
    byte[] bytes = whole(true);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int length = in.getInt(32);
    assertThat(new String(bytes, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("SRJRECO1");
    assertThat(Bytes.copyOf(bytes, 8, 16)).isEqualTo(Sample.VOLUME);
    assertThat(in.getLong(24)).isEqualTo(41);
    assertThat(in.getInt(36)).isEqualTo(1);
    assertThat(in.getLong(40)).isEqualTo(39);
    assertThat(Bytes.copyOf(bytes, 48, 32)).isEqualTo(CHAIN);
    assertThat(in.getInt(80)).isEqualTo(2);
    assertThat(bytes[84]).isEqualTo((byte) 1);
    assertThat(bytes[85]).isEqualTo((byte) 3);
    assertThat(keys.journal().verify(bytes, 0, length - 32, bytes, length - 32)).isTrue();
    assertThat(decoded(bytes).mac()).isEqualTo(Bytes.copyOf(bytes, length - 32, 32));
    assertThat(bytes.length % 4096).isZero();
    assertThat(bytes.length - length).isLessThan(4096);
    assertThat(Arrays.copyOfRange(bytes, length, bytes.length)).containsOnly(0);
    assertThat(JournalRecord.sequenceOf(bytes)).isEqualTo(41);
    assertThat(JournalRecord.durableThroughOf(bytes)).isEqualTo(39);
    assertThat(ByteBuffer.wrap(whole(false)).getInt(36)).isZero();
    assertThat(decoded(whole(false)).unsynced()).isFalse();
  }

  @Test
  void aWriterCanBeUsedAgainAfterALongerRecord() {
    JournalRecord.Writer out = new JournalRecord.Writer();
    begin(out);
    putFile(out);
    putFile(out);
    out.end(false, false, keys.journal());
    begin(out);
    putFile(out);
    out.removal(new JournalRecord.Removal(Sample.RND, HOST, ""));
    out.end(true, false, keys.journal());
    assertThat(Arrays.copyOf(out.array(), out.length())).isEqualTo(whole(true));
  }

  private static final JournalRecord.Removal REMOVAL =
      new JournalRecord.Removal(Sample.RND, HOST, "");

  @Test
  void aRemovalAloneTakesOneBlock() throws Exception {
    JournalRecord.Writer out = new JournalRecord.Writer();
    begin(out);
    out.removal(REMOVAL);
    out.end(false, false, keys.journal());
    assertThat(out.length()).isEqualTo(4096);
    JournalRecord record = decoded(Arrays.copyOf(out.array(), 4096));
    assertThat(record.files()).isEqualTo(List.of());
    assertThat(record.removals()).containsExactly(REMOVAL);
  }

  @Test
  void authenticRecordsThatNobodyWritesAreCorrupt() throws Exception {
    JournalRecord.Writer out = new JournalRecord.Writer();
    begin(out);
    assertCorrupt(out); // without a part
    begin(out);
    out.removal(REMOVAL);
    out.removal(REMOVAL);
    assertCorrupt(out);
    begin(out);
    putFile(out);
    putFile(out);
    assertCorrupt(out);
    begin(out);
    putFile(out);
    out.removal(new JournalRecord.Removal(Sample.UID, HOST, ""));
    assertCorrupt(out);
    for (long durable : new long[] {-1, 41, 42, Long.MIN_VALUE, Long.MAX_VALUE}) {
      out.begin(Sample.VOLUME, 41, durable, CHAIN);
      out.removal(REMOVAL);
      assertCorrupt(out);
    }
    out.begin(Sample.VOLUME, 41, 40, CHAIN);
    out.removal(REMOVAL);
    out.end(false, false, keys.journal());
    assertThat(decoded(out.array()).durableThrough()).isEqualTo(40);
  }

  private void assertCorrupt(JournalRecord.Writer out) {
    out.end(false, false, keys.journal());
    byte[] bytes = out.array().clone();
    assertThatThrownBy(() -> decoded(bytes)).isInstanceOf(CorruptJournalException.class);
  }

  @Test
  void paddingGoesToTheNextBlock() {
    assertThat(JournalRecord.padded(1)).isEqualTo(4096);
    assertThat(JournalRecord.padded(4096)).isEqualTo(4096);
    assertThat(JournalRecord.padded(4097)).isEqualTo(8192);
    assertThat(JournalRecord.padded(JournalRecord.MAX_BYTES)).isEqualTo(JournalRecord.MAX_BYTES);
  }

  @Test
  void everyFlippedByteBreaksTheMac() {
    byte[] bytes = whole(true);
    int length = JournalRecord.lengthOf(bytes, Sample.VOLUME);
    assertThat(JournalRecord.isAuthentic(bytes, length, keys.journal())).isTrue();
    for (int at = 0; at < length; at += at < 200 || at > length - 900 ? 1 : 61) {
      bytes[at] ^= 4;
      assertThat(JournalRecord.isAuthentic(bytes, length, keys.journal()))
          .as("byte %d", at)
          .isFalse();
      bytes[at] ^= 4;
    }
  }

  @Test
  void anotherPlaceInTheChainIsRefused() throws Exception {
    byte[] bytes = whole(true);
    int length = JournalRecord.lengthOf(bytes, Sample.VOLUME);
    assertThat(JournalRecord.decode("v", bytes, length, ADDRESS, 42, CHAIN)).isNull();
    assertThat(JournalRecord.decode("v", bytes, length, ADDRESS, 41, Sample.run(0, 32))).isNull();
    assertThat(JournalRecord.lengthOf(bytes, Sample.UID)).isEqualTo(-1);
  }

  @Test
  void bothFlagsComeBack() throws Exception {
    for (int flags = 0; flags < 4; flags++) {
      JournalRecord.Writer out = new JournalRecord.Writer();
      begin(out);
      out.removal(REMOVAL);
      out.end((flags & 1) != 0, (flags & 2) != 0, keys.journal());
      assertThat(ByteBuffer.wrap(out.array()).getInt(36)).isEqualTo(flags);
      JournalRecord record = decoded(Arrays.copyOf(out.array(), out.length()));
      assertThat(record.unsynced()).isEqualTo((flags & 1) != 0);
      assertThat(record.dataSynced()).isEqualTo((flags & 2) != 0);
    }
  }

  @Test
  void unknownFlagsAndPartsAreRefusedByName() {
    byte[] bytes = whole(true);
    int removal = removalAt(bytes);
    assertThat(bytes[removal]).isEqualTo((byte) 2);
    for (int[] change :
        new int[][] {{36, 1}, {39, 4}, {84, 3}, {84, 0}, {85, 4}, {removal, 9}, {removal + 1, 1}}) {
      byte[] changed = bytes.clone();
      changed[change[0]] = (byte) change[1];
      assertThatThrownBy(() -> decoded(changed))
          .as("byte %d", change[0])
          .isInstanceOf(FormatVersionException.class);
    }
  }

  /** The removal is the last part: kind, flags, UID, two texts, MAC. */
  private static int removalAt(byte[] bytes) {
    int length = ByteBuffer.wrap(bytes).getInt(32);
    return length - 32 - 1 - (1 + HOST.length()) - 16 - 2;
  }

  @Test
  void lengthsOutOfRangeAreNoRecord() {
    byte[] bytes = whole(true);
    int limit = JournalRecord.MAX_BYTES;
    for (int length : new int[] {0, -1, 115, limit + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      ByteBuffer.wrap(bytes).putInt(32, length);
      assertThat(JournalRecord.lengthOf(bytes, Sample.VOLUME)).isEqualTo(-1);
    }
    ByteBuffer.wrap(bytes).putInt(32, 116);
    assertThat(JournalRecord.lengthOf(bytes, Sample.VOLUME)).isEqualTo(116);
  }

  @Test
  void garbageIsRefusedWithoutAnyException() {
    long seed = 25;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] whole = whole(true);
    int length = JournalRecord.lengthOf(whole, Sample.VOLUME);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = Garbage.of(random, whole, 24 + random.nextInt(64));
      if (bytes.length < JournalRecord.HEAD) {
        continue; // a block is longer
      }
      int found = JournalRecord.lengthOf(bytes, Sample.VOLUME);
      if (found > 0 && found <= bytes.length) {
        boolean same = Arrays.equals(bytes, 0, found, whole, 0, length);
        assertThat(JournalRecord.isAuthentic(bytes, found, keys.journal())).isEqualTo(same);
      }
    }
  }
}
