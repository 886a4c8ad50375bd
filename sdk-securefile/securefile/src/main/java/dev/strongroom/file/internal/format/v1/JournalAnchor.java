// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.internal.crypto.MacKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One of the two blocks at the journal's begin that say where its records are. They are written in
 * turn, so that one of them is always whole.
 *
 * <p>Layout, big-endian, 4096 bytes: magic 8 | volume id 16 | number u64 | capacity u64 | tail
 * address u64 | tail sequence u64 | chain 32 | durable through u64 | element generation u64 | clean
 * u8 | element 16 | zero | MAC 32.
 *
 * @param number how many anchors were written before
 * @param capacity length of the record area in bytes
 * @param tail address of the first record that is still needed; its place in the record area is the
 *     address modulo the capacity
 * @param tailSequence sequence number of that record
 * @param chain MAC of the record before it
 * @param durableThrough highest sequence number whose record, with the data that it counts on, is
 *     known to be durable
 * @param elementGeneration state generation of the element with which the volume was last opened
 *     for writing
 * @param element serial number of that element, 16 bytes
 * @param clean whether the journal is empty and nothing was written behind the tail
 *     <p>Thread safety: immutable.
 */
public record JournalAnchor(
    long number,
    long capacity,
    long tail,
    long tailSequence,
    Bytes chain,
    long durableThrough,
    long elementGeneration,
    Bytes element,
    boolean clean) {

  /** Length of an anchor, and of a block of the journal. */
  public static final int BLOCK = 4096;

  /** Where the record area begins. */
  public static final int RECORDS = 2 * BLOCK;

  /** So far from the end of all numbers that sums of two do not overflow. */
  private static final long MAX_ADDRESS = 1L << 62;

  private static final byte[] MAGIC = {'S', 'R', 'A', 'N', 'C', 'H', 'O', '1'};
  private static final int CLEAN = 104;
  private static final int MAC = BLOCK - MacKey.LENGTH;

  /**
   * Encodes and authenticates.
   *
   * @param volume the volume's id
   * @param key the journal's key
   * @return 4096 bytes
   */
  public byte[] encode(Bytes volume, MacKey key) {
    byte[] block = new byte[BLOCK];
    ByteBuffer out = ByteBuffer.wrap(block);
    out.put(MAGIC).put(volume.toByteArray());
    out.putLong(number).putLong(capacity).putLong(tail).putLong(tailSequence);
    out.put(chain.toByteArray()).putLong(durableThrough).putLong(elementGeneration);
    out.put((byte) (clean ? 1 : 0)).put(element.toByteArray());
    System.arraycopy(key.mac(block, 0, MAC), 0, block, MAC, MacKey.LENGTH);
    return block;
  }

  /**
   * Decodes a block.
   *
   * @param block 4096 bytes
   * @param volume the volume's id
   * @param key the journal's key
   * @return the anchor, or null if it is not an authentic one of this volume, or says what cannot
   *     be
   */
  public static @Nullable JournalAnchor decode(byte[] block, Bytes volume, MacKey key) {
    if (block.length != BLOCK
        || !Arrays.equals(block, 0, 8, MAGIC, 0, 8)
        || !Bytes.copyOf(block, 8, 16).equals(volume)
        || !key.verify(block, 0, MAC, block, MAC)) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(block, 24, BLOCK - 24);
    JournalAnchor anchor =
        new JournalAnchor(
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            Bytes.copyOf(block, 56, 32),
            in.getLong(88),
            in.getLong(96),
            Bytes.copyOf(block, 105, 16),
            block[CLEAN] == 1);
    boolean cleanOrNot = block[CLEAN] == 0 || block[CLEAN] == 1;
    return cleanOrNot && anchor.isPossible() ? anchor : null;
  }

  /** Whether positions can be computed with it; an authentic anchor may still be a wrong one. */
  private boolean isPossible() {
    return number >= 0
        && capacity >= BLOCK
        && capacity <= MAX_ADDRESS
        && capacity % BLOCK == 0
        && tail >= 0
        && tail <= MAX_ADDRESS
        && tail % BLOCK == 0
        && tailSequence >= 1
        && tailSequence <= MAX_ADDRESS
        && durableThrough >= 0
        && elementGeneration >= 0;
  }
}
