// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.internal.crypto.MacKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the parts of an authentic record. That it is authentic says who wrote it, not that what it
 * says can be: every number is checked before it is used as a length, a count or a position.
 *
 * <p>Thread safety: confined to the thread that decodes a record.
 */
final class RecordParser {

  private static final int PART_FILE = 1;
  private static final int PART_REMOVAL = 2;
  private static final long SECTORS = Layout.MAX_LENGTH / Layout.MIN_SECTOR;
  private static final long LEAVES = Layout.leaves(SECTORS);
  private static final int HEIGHT = Layout.height(LEAVES);
  private static final long SCRATCH_END = 1L << 62;

  private final String volume;
  private final ByteBuffer in;
  private final long sequence;
  private final long address;
  final List<JournalRecord.FileChange> files = new ArrayList<>();
  final List<JournalRecord.Removal> removals = new ArrayList<>();

  /**
   * Starts behind the head.
   *
   * @param volume the volume's place, for messages
   * @param bytes the record
   * @param length its length with the MAC
   * @param sequence its number, for messages
   * @param address where it begins in the journal
   */
  RecordParser(String volume, byte[] bytes, int length, long sequence, long address) {
    this.volume = volume;
    this.sequence = sequence;
    this.address = address;
    in = ByteBuffer.wrap(bytes, 0, length - MacKey.LENGTH);
    in.position(JournalRecord.HEAD);
  }

  /** Reads so many parts, which must be all there is, one of them at most for each file. */
  void parts(int count) throws FormatVersionException, CorruptJournalException {
    require(count >= 1);
    Set<Bytes> uids = new HashSet<>();
    for (int i = 0; i < count; i++) {
      require(in.remaining() >= 2 + 16);
      int kind = in.get();
      int flags = in.get();
      boolean file = kind == PART_FILE && flags >>> 2 == 0;
      requireKnown("part " + kind, file || (kind == PART_REMOVAL && flags == 0));
      Bytes uid = bytes(16);
      require(uids.add(uid));
      if (file) {
        files.add(file(uid, flags));
      } else {
        String host = host();
        removals.add(new JournalRecord.Removal(uid, host, host()));
      }
    }
    require(!in.hasRemaining());
  }

  /** A record is authentic, so what is not known is of a later release. */
  void requireKnown(String what, boolean known) throws FormatVersionException {
    if (!known) {
      throw new FormatVersionException(
          volume, FileHeader.FORMAT + " with journal " + what, FileHeader.FORMAT);
    }
  }

  void require(boolean condition) throws CorruptJournalException {
    if (!condition) {
      throw new CorruptJournalException(
          volume,
          "holds in commit " + sequence + " what cannot be, near byte " + in.position() + " of it");
    }
  }

  private JournalRecord.FileChange file(Bytes uid, int flags) throws CorruptJournalException {
    final Bytes base = bytes(FileHeader.TAG);
    final String from = host();
    final String host = host();
    require(!host.isEmpty() && in.remaining() >= 4);
    int sectorBytes = in.getInt();
    require(
        sectorBytes >= Layout.MIN_SECTOR
            && sectorBytes <= Layout.MAX_SECTOR
            && Integer.bitCount(sectorBytes) == 1);
    final List<JournalRecord.SectorSource> sectors = sectors(sectorBytes);
    final List<JournalRecord.SectorSource> scratch = scratch();
    final List<JournalRecord.InPlace> inPlace = inPlace();
    require(in.remaining() >= 8);
    final long cut = in.getLong();
    require(cut >= 0);
    final List<JournalRecord.PageImage> pages = pages();
    final List<JournalRecord.EntryChange> entries = entries();
    require(in.remaining() >= 4);
    int headerBytes = in.getInt();
    require(headerBytes >= 0 && headerBytes <= FileHeader.MAX_BYTES);
    byte[] header = array(headerBytes);
    return new JournalRecord.FileChange(
        uid,
        (flags & 1) != 0,
        (flags & 2) != 0,
        base,
        from,
        host,
        sectorBytes,
        header,
        cut,
        pages,
        entries,
        sectors,
        scratch,
        inPlace);
  }

  private List<JournalRecord.SectorSource> sectors(int sectorBytes) throws CorruptJournalException {
    List<JournalRecord.SectorSource> sectors = new ArrayList<>();
    for (int n = count(8 + sectorBytes); n > 0; n--) {
      long sector = sector();
      sectors.add(new JournalRecord.SectorSource(sector, address + in.position()));
      in.position(in.position() + sectorBytes);
    }
    return sectors;
  }

  private List<JournalRecord.SectorSource> scratch() throws CorruptJournalException {
    List<JournalRecord.SectorSource> scratch = new ArrayList<>();
    for (int n = count(16); n > 0; n--) {
      long sector = sector();
      long place = in.getLong();
      require(place >= 0 && place < SCRATCH_END - Layout.MAX_SECTOR && place % 4096 == 0);
      scratch.add(new JournalRecord.SectorSource(sector, place));
    }
    return scratch;
  }

  private List<JournalRecord.InPlace> inPlace() throws CorruptJournalException {
    List<JournalRecord.InPlace> runs = new ArrayList<>();
    for (int n = count(16); n > 0; n--) {
      long first = sector();
      long many = in.getLong();
      require(many > 0 && many <= SECTORS - first);
      runs.add(new JournalRecord.InPlace(first, many));
    }
    return runs;
  }

  private List<JournalRecord.PageImage> pages() throws CorruptJournalException {
    List<JournalRecord.PageImage> pages = new ArrayList<>();
    for (int n = count(13); n > 0; n--) {
      require(in.remaining() >= 13);
      int level = in.get();
      long index = in.getLong();
      int length = in.getInt();
      // An image has at least the magic number, so that few bytes do not ask for much memory.
      require(level >= 0 && level <= HEIGHT && index >= 0 && index < LEAVES);
      require(length >= 8 && length <= Layout.TAG_PAGE && length <= in.remaining());
      byte[] page = new byte[Layout.TAG_PAGE];
      in.get(page, 0, length);
      pages.add(new JournalRecord.PageImage(level, index, page));
    }
    return pages;
  }

  private List<JournalRecord.EntryChange> entries() throws CorruptJournalException {
    List<JournalRecord.EntryChange> entries = new ArrayList<>();
    for (int n = count(8 + TagPage.ENTRY); n > 0; n--) {
      long sector = sector();
      require(sector >= Layout.INLINE);
      entries.add(new JournalRecord.EntryChange(sector, array(TagPage.ENTRY)));
    }
    return entries;
  }

  /** How many items follow, each of them so many bytes or more. */
  private int count(int itemBytes) throws CorruptJournalException {
    require(in.remaining() >= 4);
    int count = in.getInt();
    require(count >= 0 && count <= in.remaining() / itemBytes);
    return count;
  }

  private long sector() throws CorruptJournalException {
    long sector = in.getLong();
    require(sector >= 0 && sector < SECTORS);
    return sector;
  }

  private byte[] array(int length) throws CorruptJournalException {
    require(in.remaining() >= length);
    byte[] content = new byte[length];
    in.get(content);
    return content;
  }

  private Bytes bytes(int length) throws CorruptJournalException {
    return Bytes.copyOf(array(length));
  }

  /** A host file, or nothing; never a path that leads out of the folder of secure files. */
  private String host() throws CorruptJournalException {
    require(in.hasRemaining());
    String text = new String(array(in.get() & 0xFF), StandardCharsets.ISO_8859_1);
    require(text.isEmpty() || Names.isHost(text));
    return text;
  }
}
