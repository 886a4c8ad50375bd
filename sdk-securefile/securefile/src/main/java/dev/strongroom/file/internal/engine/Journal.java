// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.format.v1.JournalAnchor;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
  private volatile long durableThrough;
  private volatile long appendedThrough;
  private boolean syncRunning; // guarded by syncing

  private Journal(String place, Bytes volume, MacKey key, StoreFile file, JournalAnchor anchor) {
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
    durableThrough = anchor.durableThrough();
    appendedThrough = tailSequence - 1;
  }

  /** Makes a journal: written once over its whole length, so that commits never allocate. */
  static void create(
      Store store, Bytes volume, MacKey key, long bytes, Bytes chain, long elementGeneration)
      throws IOException {
    try (StoreFile file = store.open(Names.JOURNAL, Store.Access.CREATE)) {
      long capacity = bytes - JournalAnchor.RECORDS;
      fill(file, JournalAnchor.RECORDS, bytes);
      for (int number = 0; number < 2; number++) {
        JournalAnchor anchor =
            new JournalAnchor(number, capacity, 0, 1, chain, 0, elementGeneration);
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
        anchors[i] = JournalAnchor.decode(block, volume, key);
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
      return new Journal(place, volume, key, file, newest);
    } catch (IOException e) {
      file.close();
      throw e;
    }
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
    long address = tail;
    long sequence = tailSequence;
    Bytes last = tailChain;
    while (address - tail < capacity) {
      byte[] bytes = recordAt(address);
      if (bytes == null) {
        break;
      }
      int length = JournalRecord.lengthOf(bytes, volume);
      JournalRecord record = JournalRecord.decode(bytes, length, address, sequence, last);
      if (record == null) {
        break;
      }
      records.add(record);
      durableThrough = Math.max(durableThrough, record.durableThrough());
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

  /** Ends the journal before a record whose data is not there; what follows is overwritten. */
  void endBefore(JournalRecord record, Bytes chainBefore) {
    head = record.address();
    nextSequence = record.sequence();
    chain = chainBefore;
    appendedThrough = nextSequence - 1;
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

  long durableThrough() {
    return durableThrough;
  }

  long elementGeneration() {
    return elementGeneration;
  }

  void elementGeneration(long generation) {
    elementGeneration = generation;
  }

  /** Starts the next record. */
  void begin(JournalRecord.Writer out) {
    out.begin(volume, nextSequence, durableThrough, chain);
  }

  /**
   * Writes a record; it is not durable yet.
   *
   * @return its address
   */
  long append(JournalRecord.Writer out, boolean unsynced) throws IOException {
    Bytes mac = out.end(unsynced, key);
    if (out.length() > free()) {
      throw new IllegalStateException(
          "a record of " + out.length() + " bytes exceeds the " + free() + " that are free");
    }
    long address = head;
    write(address, out.array(), out.length());
    head += out.length();
    chain = mac;
    appendedThrough = nextSequence;
    nextSequence++;
    out.trim();
    return address;
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
        boolean done = false;
        try {
          file.sync();
          done = true;
        } finally {
          synchronized (syncing) {
            syncRunning = false;
            if (done) {
              durableThrough = Math.max(durableThrough, target);
            }
            syncing.notifyAll();
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Records that everything so far is durable, before a checkpoint changes files in place. */
  void anchorDurable() throws IOException {
    writeAnchor();
  }

  /** Gives up all records, whose changes are in place now, and takes another capacity if asked. */
  void moveTail(long newCapacity) throws IOException {
    if (newCapacity > capacity) {
      fill(file, JournalAnchor.RECORDS + capacity, JournalAnchor.RECORDS + newCapacity);
      file.sync();
      // The address starts at a multiple of the new capacity, so that both map to the same place.
      head = (head / newCapacity + 1) * newCapacity;
      capacity = newCapacity;
    }
    tail = head;
    tailSequence = nextSequence;
    tailChain = chain;
    writeAnchor();
  }

  private void writeAnchor() throws IOException {
    anchorNumber++;
    JournalAnchor anchor =
        new JournalAnchor(
            anchorNumber,
            capacity,
            tail,
            tailSequence,
            tailChain,
            durableThrough,
            elementGeneration);
    byte[] block = anchor.encode(volume, key);
    file.write(anchorNumber % 2 * JournalAnchor.BLOCK, block, 0, block.length);
    file.sync();
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
