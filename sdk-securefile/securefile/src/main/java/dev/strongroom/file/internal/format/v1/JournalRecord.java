// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.internal.crypto.MacKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record group of the journal: one commit, of any number of files.
 *
 * <p>Byte tables are in {@code docs/spec/secure-file-format.md}, section "Journal". The head has
 * {@value #HEAD} bytes: magic 8 | volume id 16 | sequence u64 | length u32 | flags u32 | durable
 * through u64 | chain 32 | parts u32. Parts follow, then a MAC of 32 bytes; the whole is padded to
 * a multiple of 4096 bytes.
 *
 * @param sequence its number, ascending by one
 * @param address where in the journal it begins
 * @param length its length with the MAC, without the padding
 * @param unsynced whether it counts on sectors in place that were not synced before it
 * @param dataSynced whether all sectors in place that it and earlier records count on had been
 *     synced before it was written
 * @param durableThrough highest sequence number known durable when it was written
 * @param mac its MAC, which the next record repeats as its chain
 * @param files the changes of files, in order
 * @param removals the removals of files, in order
 *     <p>Thread safety: immutable.
 */
public record JournalRecord(
    long sequence,
    long address,
    int length,
    boolean unsynced,
    boolean dataSynced,
    long durableThrough,
    Bytes mac,
    List<FileChange> files,
    List<Removal> removals) {

  /** Length of the head in bytes. */
  public static final int HEAD = 84;

  /** Largest length of a record in bytes. */
  public static final int MAX_BYTES = 1 << 30;

  private static final byte[] MAGIC = {'S', 'R', 'J', 'R', 'E', 'C', 'O', '1'};
  private static final int FLAG_UNSYNCED = 1;
  private static final int FLAG_DATA_SYNCED = 2;
  private static final int PART_FILE = 1;
  private static final int PART_REMOVAL = 2;
  private static final int LENGTH_AT = 32;
  private static final int FLAGS_AT = 36;
  private static final int PARTS_AT = 80;

  /** No cut: see {@link FileChange#cut()}. */
  public static final long NO_CUT = Long.MAX_VALUE;

  /** A page of the tree as it is after the commit. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier between two classes, never compared
  public record PageImage(int level, long index, byte[] page) {}

  /** A changed entry of a tag page whose image an earlier record has. */
  @SuppressWarnings("ArrayRecordComponent") // as above
  public record EntryChange(long sector, byte[] entry) {}

  /** A sector whose ciphertext lies in the journal or in the scratch file. */
  public record SectorSource(long sector, long address) {}

  /** Sectors that were appended in place before the record was written. */
  public record InPlace(long first, long count) {}

  /**
   * What a commit changed in one file.
   *
   * @param uid the file
   * @param created whether the file begins with this commit, or with this epoch
   * @param unlinked whether the file has no name any more
   * @param base tag of the header before, {@link FileHeader#NO_TAG} for a new file
   * @param from the host file that it lies in, empty when there is none yet
   * @param host the host file that it will lie in
   * @param sectorBytes length of its sectors
   * @param header the header's used part
   * @param cut first sector that was cut off before the other changes, or {@link #NO_CUT}
   * @param pages images of pages
   * @param entries changed entries
   * @param sectors changed sectors in the journal
   * @param scratch changed sectors in the scratch file
   * @param inPlace appended sectors in place
   */
  @SuppressWarnings("ArrayRecordComponent") // as above
  public record FileChange(
      Bytes uid,
      boolean created,
      boolean unlinked,
      Bytes base,
      String from,
      String host,
      int sectorBytes,
      byte[] header,
      long cut,
      List<PageImage> pages,
      List<EntryChange> entries,
      List<SectorSource> sectors,
      List<SectorSource> scratch,
      List<InPlace> inPlace) {}

  /**
   * The end of a file that nobody has open.
   *
   * @param uid the file
   * @param host the host file that it lies in or would lie in
   * @param from the host file that it lies in now, empty when there is none
   */
  public record Removal(Bytes uid, String host, String from) {}

  /** What of a record is made when the record is written, because it is long. */
  @FunctionalInterface
  public interface Section {

    /**
     * Adds the section's bytes.
     *
     * @param target takes exactly as many as were said
     * @throws IOException if they cannot be made
     */
    void writeTo(Writer target) throws IOException;
  }

  /** Where a record goes. */
  @FunctionalInterface
  public interface Target {

    /**
     * Takes the next bytes.
     *
     * @param source the array
     * @param length how many of it, from 0 on
     * @throws IOException if they cannot be written
     */
    void write(byte[] source, int length) throws IOException;
  }

  private record Deferred(int at, long length, Section section) {}

  /**
   * Builds the bytes of a record in one growing array, reused for the next one. Long sections are
   * not among them: they are made while {@link #end} writes the record, a part at a time.
   */
  public static final class Writer {

    /** The longest section that is kept in memory. */
    private static final int LONGEST_IN_MEMORY = 1 << 20;

    private static final int PART = 1 << 18;

    private final List<Deferred> deferred = new ArrayList<>();
    private byte[] bytes = new byte[1 << 16];
    private int used;
    private long deferredBytes;
    private int parts;
    private @Nullable Target passingOn;

    /** Makes a writer; {@link #begin} starts a record. */
    public Writer() {}

    /**
     * Starts a record.
     *
     * @param volume the volume's id
     * @param sequence its number
     * @param durableThrough highest sequence number known durable
     * @param chain MAC of the record before
     */
    public void begin(Bytes volume, long sequence, long durableThrough, Bytes chain) {
      used = 0;
      parts = 0;
      deferred.clear();
      deferredBytes = 0;
      put(MAGIC, 0, 8);
      put(volume);
      putLong(sequence);
      putInt(0);
      putInt(0);
      putLong(durableThrough);
      put(chain);
      putInt(0);
    }

    /**
     * Starts a file's part.
     *
     * @param uid the file
     * @param created whether it begins here
     * @param unlinked whether it has no name
     * @param base tag of the header before
     * @param from the host file that it lies in
     * @param host the host file that it will lie in
     */
    public void beginFile(
        Bytes uid, boolean created, boolean unlinked, Bytes base, String from, String host) {
      parts++;
      putByte(PART_FILE);
      putByte((created ? 1 : 0) | (unlinked ? 2 : 0));
      put(uid);
      put(base);
      putText(from);
      putText(host);
    }

    /**
     * Adds a removal.
     *
     * @param removal the file's end
     */
    public void removal(Removal removal) {
      parts++;
      putByte(PART_REMOVAL);
      putByte(0);
      put(removal.uid());
      putText(removal.host());
      putText(removal.from());
    }

    /**
     * Adds a byte.
     *
     * @param value its low 8 bits count
     */
    public void putByte(int value) {
      reserve(1);
      bytes[used++] = (byte) value;
    }

    /**
     * Adds an unsigned 32-bit number.
     *
     * @param value the number
     */
    public void putInt(int value) {
      reserve(4);
      ByteBuffer.wrap(bytes).putInt(used, value);
      used += 4;
    }

    /**
     * Adds a 64-bit number.
     *
     * @param value the number
     */
    public void putLong(long value) {
      reserve(8);
      ByteBuffer.wrap(bytes).putLong(used, value);
      used += 8;
    }

    /**
     * Adds bytes.
     *
     * @param source the array
     * @param offset where they begin
     * @param length how many
     */
    public void put(byte[] source, int offset, int length) {
      reserve(length);
      System.arraycopy(source, offset, bytes, used, length);
      used += length;
    }

    private void put(Bytes source) {
      reserve(source.length());
      source.copyTo(bytes, used);
      used += source.length();
    }

    private void putText(String text) {
      byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
      putByte(ascii.length);
      put(ascii, 0, ascii.length);
    }

    /**
     * Makes room that the caller fills by itself.
     *
     * @param length bytes that will be part of the record
     * @param scratch bytes behind them that may be overwritten
     * @return where the room begins in {@link #array()}
     */
    public int room(int length, int scratch) {
      reserve(length + scratch);
      int at = used;
      used += length;
      return at;
    }

    /**
     * The array under construction, without long sections; another one after the next call that
     * adds.
     *
     * @return the live array
     */
    public byte[] array() {
      return bytes;
    }

    /**
     * Adds a section, at once if it is short.
     *
     * @param length its length
     * @param section makes it
     * @throws IOException if it cannot be made
     */
    public void section(long length, Section section) throws IOException {
      if (length <= LONGEST_IN_MEMORY) {
        section.writeTo(this);
      } else {
        deferred.add(new Deferred(used, length, section));
        deferredBytes += length;
      }
    }

    /**
     * Where in the record the next byte stands.
     *
     * @return bytes from its beginning
     */
    public long position() {
      return used + deferredBytes;
    }

    /**
     * How long the record will be if nothing more is added, with MAC and padding.
     *
     * @return bytes
     */
    public long paddedLength() {
      long length = used + deferredBytes + MacKey.LENGTH;
      if (length > MAX_BYTES) {
        throw new IllegalStateException("a commit exceeds " + MAX_BYTES + " bytes of journal");
      }
      return padded((int) length);
    }

    /**
     * Sets a number that was left open.
     *
     * @param at where it stands in {@link #array()}
     * @param value the number
     */
    public void setInt(int at, int value) {
      ByteBuffer.wrap(bytes).putInt(at, value);
    }

    /**
     * How long the record is in memory.
     *
     * @return bytes
     */
    public int length() {
      return used;
    }

    /**
     * Ends a record without long sections, and pads it.
     *
     * @param unsynced whether it counts on sectors in place that are not synced
     * @param dataSynced whether all sectors in place that it and earlier records count on are
     *     synced
     * @param key the journal's key
     * @return its MAC
     */
    public Bytes end(boolean unsynced, boolean dataSynced, MacKey key) {
      int padded = padded(head(unsynced, dataSynced));
      byte[] mac = key.mac(bytes, 0, used);
      put(mac, 0, mac.length);
      putZeros(padded - used);
      return Bytes.copyOf(mac);
    }

    /** Fills in what the head says of the whole; answers the length with the MAC. */
    private int head(boolean unsynced, boolean dataSynced) {
      int length = Math.toIntExact(position()) + MacKey.LENGTH;
      setInt(LENGTH_AT, length);
      setInt(FLAGS_AT, (unsynced ? FLAG_UNSYNCED : 0) | (dataSynced ? FLAG_DATA_SYNCED : 0));
      setInt(PARTS_AT, parts);
      return length;
    }

    /**
     * Ends the record, pads it and writes it.
     *
     * @param unsynced whether it counts on sectors in place that are not synced
     * @param dataSynced whether all sectors in place that it and earlier records count on are
     *     synced
     * @param key the journal's key
     * @param target gets the record, at once if it has no long sections
     * @return its MAC
     * @throws IOException if it cannot be written
     */
    public Bytes end(boolean unsynced, boolean dataSynced, MacKey key, Target target)
        throws IOException {
      if (deferred.isEmpty()) {
        Bytes mac = end(unsynced, dataSynced, key);
        target.write(bytes, used);
        return mac;
      }
      int length = head(unsynced, dataSynced);
      try {
        return Bytes.copyOf(pass(key, padded(length) - length, target));
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } finally {
        deferred.clear();
      }
    }

    /** Passes what is in memory on, with the sections between. */
    private byte[] pass(MacKey key, int padding, Target target) throws IOException {
      MacKey.Running running = key.start();
      Writer part = new Writer();
      part.bytes = new byte[PART];
      part.passingOn =
          (source, length) -> {
            running.update(source, 0, length);
            target.write(source, length);
          };
      int done = 0;
      for (Deferred next : deferred) {
        part.putInParts(bytes, done, next.at);
        done = next.at;
        long before = part.position();
        next.section.writeTo(part);
        if (part.position() - before != next.length) {
          throw new IllegalStateException(
              "a section has " + (part.position() - before) + " bytes instead of " + next.length);
        }
      }
      part.putInParts(bytes, done, used);
      part.passOn();
      byte[] mac = running.end();
      part.passingOn = null;
      part.put(mac, 0, mac.length);
      part.putZeros(padding);
      target.write(part.bytes, part.used);
      return mac;
    }

    private void putInParts(byte[] source, int from, int to) {
      for (int at = from; at < to; at += PART) {
        put(source, at, Math.min(PART, to - at));
      }
    }

    private void passOn() {
      Target target = passingOn;
      if (target != null) {
        try {
          target.write(bytes, used);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        deferredBytes += used;
        used = 0;
      }
    }

    private void putZeros(int count) {
      reserve(count);
      Arrays.fill(bytes, used, used + count, (byte) 0);
      used += count;
    }

    /** Gives back the memory of an unusually large record. */
    public void trim() {
      if (bytes.length > 4 << 20) {
        bytes = new byte[1 << 16];
      }
    }

    private void reserve(int more) {
      if (bytes.length - used < more) {
        passOn();
      }
      if (bytes.length - used < more) {
        long wanted = Math.max((long) bytes.length * 2, (long) used + more);
        if ((long) used + more > MAX_BYTES) {
          throw new IllegalStateException("a commit exceeds " + MAX_BYTES + " bytes of journal");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, MAX_BYTES + (1 << 16)));
      }
    }
  }

  /**
   * A record's length on disk.
   *
   * @param length its length with the MAC
   * @return the next multiple of 4096
   */
  public static int padded(int length) {
    return (length + JournalAnchor.BLOCK - 1) / JournalAnchor.BLOCK * JournalAnchor.BLOCK;
  }

  /**
   * Reads the length out of a record's first block.
   *
   * @param block at least {@link #HEAD} bytes
   * @param volume the volume's id
   * @return the length with the MAC, or -1 if this is no record of this volume
   */
  public static int lengthOf(byte[] block, Bytes volume) {
    if (!Arrays.equals(block, 0, 8, MAGIC, 0, 8) || !Bytes.copyOf(block, 8, 16).equals(volume)) {
      return -1;
    }
    int length = ByteBuffer.wrap(block).getInt(32);
    return length < HEAD + MacKey.LENGTH || length > MAX_BYTES ? -1 : length;
  }

  /**
   * The sequence number in a record's head.
   *
   * @param block at least {@link #HEAD} bytes
   * @return the number
   */
  public static long sequenceOf(byte[] block) {
    return ByteBuffer.wrap(block).getLong(24);
  }

  /**
   * The number of the last durable record in a record's head.
   *
   * @param block at least {@link #HEAD} bytes
   * @return the number
   */
  public static long durableThroughOf(byte[] block) {
    return ByteBuffer.wrap(block).getLong(40);
  }

  /**
   * Whether a record's MAC is right.
   *
   * @param bytes the record
   * @param length its length with the MAC
   * @param key the journal's key
   * @return whether it is authentic
   */
  public static boolean isAuthentic(byte[] bytes, int length, MacKey key) {
    int content = length - MacKey.LENGTH;
    return key.verify(bytes, 0, content, bytes, content);
  }

  /**
   * Decodes an authentic record.
   *
   * @param volume the volume's place, for messages
   * @param bytes the record
   * @param length its length with the MAC
   * @param address where it begins
   * @param sequence the sequence number that it must have
   * @param chain the chain that it must have
   * @return the record, or null if it has another sequence number or chain
   * @throws FormatVersionException if it has flags or parts that this release does not know
   * @throws CorruptJournalException if it says what cannot be
   */
  public static @Nullable JournalRecord decode(
      String volume, byte[] bytes, int length, long address, long sequence, Bytes chain)
      throws FormatVersionException, CorruptJournalException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (sequenceOf(bytes) != sequence || !Bytes.copyOf(bytes, 48, 32).equals(chain)) {
      return null;
    }
    int recordFlags = in.getInt(FLAGS_AT);
    RecordParser parser = new RecordParser(volume, bytes, length, sequence, address);
    parser.requireKnown("flags " + recordFlags, recordFlags >>> 2 == 0);
    parser.require(durableThroughOf(bytes) >= 0 && durableThroughOf(bytes) < sequence);
    parser.parts(in.getInt(PARTS_AT));
    return new JournalRecord(
        sequence,
        address,
        length,
        (recordFlags & FLAG_UNSYNCED) != 0,
        (recordFlags & FLAG_DATA_SYNCED) != 0,
        durableThroughOf(bytes),
        Bytes.copyOf(bytes, length - MacKey.LENGTH, MacKey.LENGTH),
        parser.files,
        parser.removals);
  }
}
