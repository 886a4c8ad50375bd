// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.format.v1.JournalAnchor;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The volume's redo journal: a file of fixed length, written in circles.
 *
 * <p>Addresses ascend for ever; a record's place is its address modulo the capacity. {@link
 * #append} and {@link #moveTail} are called under the volume's lock, {@link #sync} without it:
 * callers that wait at the same time share one fdatasync.
 *
 * <p>Thread safety: as said; the numbers about durability are guarded by {@code syncing}.
 */
final class Journal {

  private static final int PREWRITE = 1 << 20;

  private final String place;
  private final Bytes volume;
  private final MacKey key;
  private final StoreFile file;
  private final Object syncing = new Object();
  private long capacity;
  private long anchorNumber;
  private long tail;
  private long tailSequence;
  private Bytes tailChain;
  private long head;
  private long nextSequence;
  private Bytes chain;
  private long elementGeneration;
  private Bytes element;
  private volatile long durableThrough;
  private volatile long appendedThrough;
  private boolean syncRunning; // guarded by syncing
  private @Nullable IOException syncFailure; // guarded by syncing
  private long trustedThrough;
  private volatile long dataSyncedThrough;
  private boolean clean;
  private boolean passedOver;

  private Journal(
      String place,
      Bytes volume,
      MacKey key,
      StoreFile file,
      JournalAnchor anchor,
      boolean closed) {
    this.place = place;
    this.volume = volume;
    this.key = key;
    this.file = file;
    capacity = anchor.capacity();
    anchorNumber = anchor.number();
    tail = anchor.tail();
    tailSequence = anchor.tailSequence();
    tailChain = anchor.chain();
    head = tail;
    nextSequence = tailSequence;
    chain = tailChain;
    elementGeneration = anchor.elementGeneration();
    element = anchor.element();
    durableThrough = anchor.durableThrough();
    trustedThrough = anchor.durableThrough();
    dataSyncedThrough = anchor.durableThrough();
    clean = closed;
    appendedThrough = tailSequence - 1;
  }

  /** Makes a journal: written once over its whole length, so that commits never allocate. */
  static void create(
      Store store,
      Bytes volume,
      MacKey key,
      long bytes,
      Bytes chain,
      Bytes element,
      long elementGeneration)
      throws IOException {
    try (StoreFile file = store.open(Names.JOURNAL, Store.Access.CREATE)) {
      long capacity = bytes - JournalAnchor.RECORDS;
      fill(file, JournalAnchor.RECORDS, bytes);
      for (int number = 0; number < 2; number++) {
        JournalAnchor anchor =
            new JournalAnchor(number, capacity, 0, 1, chain, 0, elementGeneration, element, true);
        byte[] block = anchor.encode(volume, key);
        file.write((long) number * JournalAnchor.BLOCK, block, 0, block.length);
      }
      file.sync();
    }
  }

  private static void fill(StoreFile file, long from, long to) throws IOException {
    byte[] zeros = new byte[PREWRITE];
    for (long at = from; at < to; at += PREWRITE) {
      file.write(at, zeros, 0, (int) Math.min(PREWRITE, to - at));
    }
  }

  /**
   * Opens a journal.
   *
   * @throws CorruptJournalException if it is missing, cut or damaged
   */
  static Journal open(Store store, Bytes volume, MacKey key, Store.Access access)
      throws IOException {
    String place = store.toString();
    StoreFile file;
    try {
      file = store.open(Names.JOURNAL, access);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new CorruptJournalException(place, "is missing");
    }
    try {
      JournalAnchor[] anchors = new JournalAnchor[2];
      for (int i = 0; i < 2; i++) {
        byte[] block = new byte[JournalAnchor.BLOCK];
        file.read((long) i * JournalAnchor.BLOCK, block, 0, block.length);
        anchors[i] = anchor(i, block, volume, key);
      }
      JournalAnchor newest = newest(anchors);
      if (newest == null) {
        throw new CorruptJournalException(
            place, "has no readable anchor: it is damaged or belongs to another volume");
      }
      long expected = JournalAnchor.RECORDS + newest.capacity();
      if (file.size() < expected) {
        throw new CorruptJournalException(
            place, "is cut: it has " + file.size() + " of " + expected + " bytes");
      }
      // If the other anchor is damaged, it may have been the newest one, with records to its name.
      JournalAnchor other = anchors[(int) ((newest.number() + 1) % 2)];
      boolean closed = newest.clean() && other != null && other.number() == newest.number() - 1;
      return new Journal(place, volume, key, file, newest, closed);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** An empty journal for a volume that is read without its own. */
  static Journal none(Store store, Bytes volume, MacKey key) {
    JournalAnchor empty =
        new JournalAnchor(
            0,
            JournalAnchor.BLOCK,
            0,
            1,
            Bytes.copyOf(new byte[32]),
            0,
            0,
            Bytes.copyOf(new byte[16]),
            true);
    Journal journal = new Journal(store.toString(), volume, key, AbsentFile.INSTANCE, empty, true);
    journal.passedOver = true;
    return journal;
  }

  /** Takes the journal for empty, since its records do not fit together. */
  void passOver() {
    passedOver = true;
    head = tail;
  }

  /** The anchor of a block, or null if it is none that may stand there. */
  private static @Nullable JournalAnchor anchor(int block, byte[] bytes, Bytes volume, MacKey key) {
    JournalAnchor anchor = JournalAnchor.decode(bytes, volume, key);
    return anchor == null || anchor.number() % 2 != block ? null : anchor;
  }

  private static @Nullable JournalAnchor newest(JournalAnchor[] anchors) {
    JournalAnchor first = anchors[0];
    JournalAnchor second = anchors[1];
    if (first == null || (second != null && second.number() > first.number())) {
      return second;
    }
    return first;
  }

  /**
   * Reads all records from the tail on, up to the first that is not whole, and goes on behind them.
   *
   * @throws CorruptJournalException if a record that had been durable is not there any more
   */
  List<JournalRecord> scan() throws IOException {
    List<JournalRecord> records = new ArrayList<>();
    if (clean) {
      return records;
    }
    long address = tail;
    long sequence = tailSequence;
    Bytes last = tailChain;
    while (address - tail < capacity) {
      byte[] bytes = recordAt(address);
      if (bytes == null) {
        break;
      }
      int length = JournalRecord.lengthOf(bytes, volume);
      JournalRecord record = JournalRecord.decode(place, bytes, length, address, sequence, last);
      if (record == null) {
        break;
      }
      records.add(record);
      durableThrough = Math.max(durableThrough, record.durableThrough());
      if (record.dataSynced()) {
        // The anchor may trust later ones, over whose sectors in place a checkpoint has written.
        trustedThrough = Math.max(trustedThrough, sequence);
        dataSyncedThrough = Math.max(dataSyncedThrough, sequence);
      }
      address += JournalRecord.padded(length);
      sequence++;
      last = record.mac();
    }
    head = address;
    nextSequence = sequence;
    chain = last;
    appendedThrough = sequence - 1;
    long durable = Math.max(durableThrough, durableBeyond(address, sequence));
    if (durable >= sequence) {
      throw new CorruptJournalException(
          place,
          "is damaged: commit "
              + sequence
              + " had been durable and cannot be read, the last durable one was "
              + durable);
    }
    return records;
  }

  /** Looks behind the last readable record for later ones, which tell what had been durable. */
  private long durableBeyond(long from, long sequence) throws IOException {
    long durable = 0;
    byte[] head = new byte[JournalAnchor.BLOCK];
    for (long at = 0; at < capacity; at += JournalAnchor.BLOCK) {
      read(from + at, head, 0, head.length);
      int length = JournalRecord.lengthOf(head, volume);
      if (length > 0
          && length <= capacity
          && JournalRecord.sequenceOf(head) >= sequence
          && JournalRecord.durableThroughOf(head) >= sequence) {
        byte[] bytes = new byte[length];
        read(from + at, bytes, 0, length);
        if (JournalRecord.isAuthentic(bytes, length, key)) {
          durable = Math.max(durable, JournalRecord.durableThroughOf(head));
        }
      }
    }
    return durable;
  }

  private byte @Nullable [] recordAt(long address) throws IOException {
    byte[] head = new byte[JournalRecord.HEAD];
    read(address, head, 0, head.length);
    int length = JournalRecord.lengthOf(head, volume);
    if (length < 0 || JournalRecord.padded(length) > capacity) {
      return null;
    }
    byte[] bytes = new byte[length];
    read(address, bytes, 0, length);
    return JournalRecord.isAuthentic(bytes, length, key) ? bytes : null;
  }

  /** Reads the journal again; what does not fit, with what it means. Under the volume's lock. */
  Map<String, Severity> damage() throws IOException {
    Map<String, Severity> damage = new LinkedHashMap<>();
    if (passedOver) {
      return damage; // told when the volume was opened
    }
    for (int i = 0; i < 2; i++) {
      byte[] block = new byte[JournalAnchor.BLOCK];
      file.read((long) i * JournalAnchor.BLOCK, block, 0, block.length);
      if (anchor(i, block, volume, key) == null) {
        damage.put("anchor " + i + " cannot be read", Severity.REPAIRABLE);
      }
    }
    long expected = JournalAnchor.RECORDS + capacity;
    if (file.size() < expected) {
      damage.put("it has " + file.size() + " of " + expected + " bytes", Severity.DAMAGE);
    }
    long sequence = tailSequence;
    for (long address = tail; address < head; sequence++) {
      byte[] bytes = recordAt(address);
      if (bytes == null || JournalRecord.sequenceOf(bytes) != sequence) {
        damage.put("commit " + sequence + " cannot be read any more", Severity.DAMAGE);
        break;
      }
      address += JournalRecord.padded(JournalRecord.lengthOf(bytes, volume));
    }
    return damage;
  }

  /** Highest sequence number up to which sectors in place that records count on were synced. */
  long trustedThrough() {
    return trustedThrough;
  }

  /**
   * Ends the journal before a record whose data is not there.
   *
   * @param overwrite whether the record is to be made unreadable
   */
  void endBefore(JournalRecord record, Bytes chainBefore, boolean overwrite) throws IOException {
    if (overwrite) {
      write(record.address(), new byte[JournalAnchor.BLOCK], JournalAnchor.BLOCK);
    }
    head = record.address();
    nextSequence = record.sequence();
    chain = chainBefore;
    appendedThrough = nextSequence - 1;
    durableThrough = Math.min(durableThrough, appendedThrough);
    trustedThrough = Math.min(trustedThrough, appendedThrough);
    dataSyncedThrough = Math.min(dataSyncedThrough, appendedThrough);
  }

  /** The chain before the first record that is still needed. */
  Bytes tailChain() {
    return tailChain;
  }

  long capacity() {
    return capacity;
  }

  long free() {
    return capacity - (head - tail);
  }

  boolean isEmpty() {
    return head == tail;
  }

  long used() {
    return head - tail;
  }

  /** The state generation in which an element was last seen; 0 if another one was seen since. */
  long elementGeneration(Bytes serialNumber) {
    return element.equals(serialNumber) ? elementGeneration : 0;
  }

  void elementGeneration(Bytes serialNumber, long generation) {
    element = serialNumber;
    elementGeneration = generation;
  }

  /** Starts the next record. */
  void begin(JournalRecord.Writer out) {
    out.begin(volume, nextSequence, wholeThrough(), chain);
  }

  /**
   * Writes a record; it is not durable yet.
   *
   * @param unsynced whether it counts on sectors in place that are not synced
   * @param dataSynced whether all sectors in place that it and earlier records count on are synced
   * @return its address
   */
  long append(JournalRecord.Writer out, boolean unsynced, boolean dataSynced) throws IOException {
    if (clean) {
      clean = false;
      writeAnchor(tail, tailSequence, tailChain);
    }
    long length = out.paddedLength();
    if (length > free()) {
      throw new IllegalStateException(
          "a record of " + length + " bytes exceeds the " + free() + " that are free");
    }
    long address = head;
    chain = out.end(unsynced, dataSynced, key, new Appending());
    head = address + length;
    if (dataSynced) {
      dataSyncedThrough = nextSequence;
    }
    appendedThrough = nextSequence;
    nextSequence++;
    out.trim();
    return address;
  }

  /** Writes behind the last record; what is not ended is none. */
  private final class Appending implements JournalRecord.Target {
    private long at = head;

    @Override
    public void write(byte[] source, int length) throws IOException {
      Journal.this.write(at, source, length);
      at += length;
    }
  }

  long appendedThrough() {
    return appendedThrough;
  }

  /** Makes all records up to a sequence number durable. */
  void sync(long sequence) throws IOException {
    boolean interrupted = false;
    try {
      while (durableThrough < sequence) {
        long target;
        synchronized (syncing) {
          if (durableThrough >= sequence) {
            return;
          }
          if (syncFailure != null) {
            throw new IOException("an fdatasync of the journal failed before", syncFailure);
          }
          if (syncRunning) {
            try {
              syncing.wait();
            } catch (InterruptedException e) {
              interrupted = true;
            }
            continue;
          }
          syncRunning = true;
          target = appendedThrough;
        }
        IOException failure = null;
        try {
          file.sync();
        } catch (IOException e) {
          failure = e;
        }
        synchronized (syncing) {
          syncRunning = false;
          if (failure == null) {
            durableThrough = Math.max(durableThrough, target);
          } else {
            syncFailure = failure; // the system may have dropped what it could not write
          }
          syncing.notifyAll();
        }
        if (failure != null) {
          throw failure;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Up to where records are durable together with the sectors in place that they count on. */
  private long wholeThrough() {
    return Math.min(durableThrough, dataSyncedThrough);
  }

  /**
   * Records that everything so far is durable, with the sectors in place that it counts on, before
   * a checkpoint changes files in place.
   */
  void anchorDurable() throws IOException {
    dataSyncedThrough = appendedThrough;
    writeAnchor(tail, tailSequence, tailChain);
  }

  /** Gives up all records, whose changes are in place now. */
  void moveTail() throws IOException {
    writeAnchor(head, nextSequence, chain);
    tail = head;
    tailSequence = nextSequence;
    tailChain = chain;
  }

  /** Notes that an empty journal needs no look at its next opening. */
  void markClean() throws IOException {
    if (!clean) {
      clean = true;
      writeAnchor(tail, tailSequence, tailChain);
    }
  }

  /** Lengthens the file for a larger capacity; a failure changes nothing. */
  void prewrite(long newCapacity) throws IOException {
    fill(file, JournalAnchor.RECORDS + capacity, JournalAnchor.RECORDS + newCapacity);
  }

  /** Takes a capacity that was prewritten into use, in an empty journal. */
  void grow(long newCapacity) throws IOException {
    file.sync();
    // The address starts at a multiple of the new capacity, so that it maps to the same place.
    long start = (head / newCapacity + 1) * newCapacity;
    long before = capacity;
    capacity = newCapacity;
    try {
      writeAnchor(start, nextSequence, chain);
    } catch (IOException e) {
      capacity = before;
      throw e;
    }
    head = start;
    tail = start;
  }

  private void writeAnchor(long newTail, long sequence, Bytes newChain) throws IOException {
    JournalAnchor anchor =
        new JournalAnchor(
            anchorNumber + 1,
            capacity,
            newTail,
            sequence,
            newChain,
            wholeThrough(),
            elementGeneration,
            element,
            clean);
    byte[] block = anchor.encode(volume, key);
    file.write(anchor.number() % 2 * JournalAnchor.BLOCK, block, 0, block.length);
    file.sync();
    anchorNumber++;
  }

  void read(long address, byte[] target, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      long at = (address + done) % capacity;
      int part = (int) Math.min(length - done, capacity - at);
      int read = file.read(JournalAnchor.RECORDS + at, target, offset + done, part);
      if (read < part) {
        throw new CorruptJournalException(place, "ends before its records");
      }
      done += part;
    }
  }

  private void write(long address, byte[] source, int length) throws IOException {
    int done = 0;
    while (done < length) {
      long at = (address + done) % capacity;
      int part = (int) Math.min(length - done, capacity - at);
      file.write(JournalAnchor.RECORDS + at, source, done, part);
      done += part;
    }
  }

  void close() throws IOException {
    file.close();
  }
}
