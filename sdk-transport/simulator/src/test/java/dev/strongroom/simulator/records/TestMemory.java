// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.transport.ElementRemovedException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A key memory on a medium in memory. Power can fail at any write: then what was not synced is
 * there, missing, or there in part.
 */
final class TestMemory implements PageMedium, TreeRoot {

  static final Bytes SERIAL = Bytes.parse("000102030405060708090a0b0c0d0e0f");
  private static final byte[] KEY = Bytes.parse("5a".repeat(32)).toByteArray();
  private static final Bytes NOTHING = Bytes.copyOf(new byte[16]);

  private record Write(long position, Bytes content) {}

  private final Capacity first;
  private final PageCipher cipher = new PageCipher(KEY, SERIAL, new SecureRandom());
  private final List<Write> unsynced = new ArrayList<>();
  private final int[] wear = new int[Capacity.MAX_PLACES];
  private KeyMemory memory;
  private byte[] content;
  private byte[] durable;
  private int length;
  private Bytes root;
  private long generation;
  private int writes;
  private int failAt;
  private boolean tornRoot;

  private TestMemory(Capacity first, byte[] content, Bytes root, long generation) {
    this.first = first;
    this.content = content.clone();
    this.durable = content.clone();
    this.length = content.length;
    this.root = root;
    this.generation = generation;
    this.memory = new KeyMemory(this, first, new Capacity(Capacity.MIN_PLACES));
  }

  static TestMemory of(int places) {
    return new TestMemory(new Capacity(places), new byte[0], Bytes.copyOf(new byte[0]), 7);
  }

  /** The same medium under a key memory that knows nothing of it yet. */
  TestMemory reopened() {
    return new TestMemory(first, content(), root, generation);
  }

  /** The same, opened with a capacity. */
  TestMemory reopened(int places) {
    TestMemory other = new TestMemory(new Capacity(places), content(), root, generation);
    other.memory = new KeyMemory(other, new Capacity(places), new Capacity(places));
    return other;
  }

  /** The same with another content and root. */
  TestMemory with(byte[] otherContent, Bytes otherRoot) {
    return new TestMemory(first, otherContent, otherRoot, generation);
  }

  /** What is left when the power comes back. */
  TestMemory afterPowerLoss(Random random) {
    for (Write write : unsynced) {
      int kept =
          switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> write.content().length();
            default -> random.nextInt(write.content().length() + 1);
          };
      durable = put(durable, write.position(), Arrays.copyOf(write.content().toByteArray(), kept));
    }
    return new TestMemory(first, durable, root, generation);
  }

  /** Lets power fail at a write from here on, counted from 1; the root counts as one. */
  void failAt(int write, boolean rootIsThere) {
    writes = 0;
    failAt = write;
    tornRoot = !rootIsThere;
  }

  int writes() {
    return writes;
  }

  /** How often each place was written with a page. */
  int[] wear() {
    return Arrays.copyOf(wear, first.places());
  }

  byte[] content() {
    return Arrays.copyOf(content, length);
  }

  RecordIndex index() throws StrongroomException {
    return memory.open(cipher, this);
  }

  /** The records in memory, for any thread. */
  RecordIndex published() {
    RecordIndex index = memory.published();
    if (index == null) {
      throw new AssertionError("no records in memory");
    }
    return index;
  }

  void close() {
    memory.forget();
  }

  void change(RecordChange change) throws StrongroomException {
    memory.change(cipher, this, change);
  }

  void put(byte[]... records) throws StrongroomException {
    try (RecordChange change = new RecordChange()) {
      for (byte[] record : records) {
        change.put(record);
      }
      change(change);
    }
  }

  void remove(Bytes... ids) throws StrongroomException {
    try (RecordChange change = new RecordChange()) {
      for (Bytes id : ids) {
        change.remove(id);
      }
      change(change);
    }
  }

  /** All records, by id. */
  Map<Bytes, Bytes> records() throws StrongroomException {
    RecordIndex index = index();
    Map<Bytes, Bytes> records = new TreeMap<>();
    for (Bytes id : index.idsAfter(NOTHING, Integer.MAX_VALUE)) {
      try (SecretBytes record = index.find(id).orElseThrow()) {
        records.put(id, record.use(Bytes::copyOf));
      }
    }
    return records;
  }

  /** Places with anything but zeros in them. */
  int filledPlaces() {
    int filled = 0;
    for (long at = KeyMemory.end(0); at < length; at += Places.LENGTH) {
      int end = (int) Math.min(length, at + Places.LENGTH);
      filled += RecordChange.isZero(content, (int) at, end) ? 0 : 1;
    }
    return filled;
  }

  /** The tree of the root that counts; of one with tables without the pages. */
  PageTree tree() {
    return PageTree.parse(root).tree();
  }

  PageCipher cipher() {
    return cipher;
  }

  static Bytes id(int number) {
    // Scattered, as drawn ids are.
    return Bytes.copyOf(
        ByteBuffer.allocate(16).putLong(number * 0x9E3779B97F4A7C15L).putLong(number + 1L).array());
  }

  /** A record whose 64 bytes behind the id are drawn from a seed. */
  static byte[] record(Bytes id, long seed) {
    byte[] record = new byte[RecordChange.RECORD_LENGTH];
    byte[] rest = new byte[RecordChange.RECORD_LENGTH - RecordChange.ID_LENGTH];
    new Random(seed).nextBytes(rest);
    id.copyTo(record, 0);
    System.arraycopy(rest, 0, record, RecordChange.ID_LENGTH, rest.length);
    return record;
  }

  static byte[][] records(int from, int to) {
    byte[][] records = new byte[to - from][];
    for (int i = from; i < to; i++) {
      records[i - from] = record(id(i), i);
    }
    return records;
  }

  @Override
  public long size() {
    return length;
  }

  @Override
  public void read(long position, byte[] target) {
    Arrays.fill(target, (byte) 0);
    if (position < length) {
      int count = (int) Math.min(target.length, length - position);
      System.arraycopy(content, (int) position, target, 0, count);
    }
  }

  @Override
  public void write(long position, byte[] page) throws StrongroomException {
    writes++;
    if (!RecordChange.isZero(page, 0, page.length)) {
      wear[(int) ((position - KeyMemory.end(0)) / Places.LENGTH)]++;
    }
    unsynced.add(new Write(position, Bytes.copyOf(page)));
    if (writes == failAt) {
      throw new ElementRemovedException("power");
    }
    content = put(content, position, page);
    length = Math.max(length, (int) position + page.length);
  }

  @Override
  public void sync() {
    for (Write write : unsynced) {
      durable = put(durable, write.position(), write.content().toByteArray());
    }
    unsynced.clear();
  }

  @Override
  public Bytes value() {
    return root;
  }

  @Override
  public long generation() {
    return generation;
  }

  @Override
  public void replace(Bytes next) throws StrongroomException {
    writes++;
    if (writes != failAt || !tornRoot) {
      root = next;
      generation += 2;
    }
    if (writes == failAt) {
      throw new ElementRemovedException("power");
    }
  }

  private static byte[] put(byte[] target, long position, byte[] part) {
    int end = (int) position + part.length;
    byte[] grown =
        end <= target.length ? target : Arrays.copyOf(target, Math.max(end, 2 * target.length));
    System.arraycopy(part, 0, grown, (int) position, part.length);
    return grown;
  }
}
