// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A tag page (level 0) or inner node (level 1 and up) of a file's integrity tree, 4096 bytes.
 *
 * <p>Layout, big-endian: magic 8 | level u8 | zero 3 | epoch u32 | index u64 | UID 16 | zero up to
 * {@value #ENTRIES} | 120 entries of 32 bytes. A leaf's entry is nonce 12 | tag 16 | flags u16 |
 * valid length - 1 u16; an inner node's is the child's digest, HMAC-SHA-256 of its 4096 bytes under
 * the tree key. An entry of zeros is a hole, or a subtree of holes.
 *
 * <p>Thread safety: stateless; the pages are plain arrays guarded by their owner.
 */
public final class TagPage {

  /** Length of an entry in bytes. */
  public static final int ENTRY = 32;

  /** Where the entries begin. */
  public static final int ENTRIES = 256;

  /** Offset of the flags in a leaf's entry. */
  public static final int FLAGS = 28;

  /** Offset of the valid length less one in a leaf's entry. */
  public static final int VALID = 30;

  /** Flag of a sector that is there. */
  public static final int PRESENT = 1;

  /** Flag, beside {@link #PRESENT}, of a sector of which a part was filled up with zeros. */
  public static final int PURIFIED_IN_PART = 2;

  private static final byte[] MAGIC = {'S', 'R', 'T', 'A', 'G', 'P', 'G', '1'};

  private TagPage() {}

  /**
   * Makes a page of holes.
   *
   * @param level 0 for a leaf
   * @param index its index in the level
   * @param uid the file's UID
   * @param epoch the file's key epoch
   * @return 4096 bytes
   */
  public static byte[] create(int level, long index, Bytes uid, int epoch) {
    byte[] page = new byte[Layout.TAG_PAGE];
    ByteBuffer buffer = ByteBuffer.wrap(page);
    buffer.put(MAGIC).put((byte) level).position(12);
    buffer.putInt(epoch).putLong(index);
    uid.copyTo(page, 24);
    return page;
  }

  /**
   * Whether a page says that it is the one that is looked for.
   *
   * @param page 4096 bytes
   * @param level 0 for a leaf
   * @param index its index in the level
   * @param uid the file's UID
   * @param epoch the file's key epoch
   * @return whether all of its first {@value #ENTRIES} bytes are as they must be
   */
  public static boolean isFor(byte[] page, int level, long index, Bytes uid, int epoch) {
    byte[] expected = create(level, index, uid, epoch);
    return Arrays.equals(page, 0, ENTRIES, expected, 0, ENTRIES);
  }

  /**
   * Where an entry stands.
   *
   * @param slot 0 to 119
   * @return its offset
   */
  public static int offset(int slot) {
    return ENTRIES + slot * ENTRY;
  }

  /**
   * Whether an entry is a hole.
   *
   * @param entries the array
   * @param offset where the entry begins
   * @return whether all of it is zero
   */
  public static boolean isNull(byte[] entries, int offset) {
    for (int i = offset; i < offset + ENTRY; i++) {
      if (entries[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether an entry is lost: the page in which it stood could not be read when a part of what it
   * covers was written again. 32 bytes FF, in leaves and inner nodes.
   *
   * @param entries the array
   * @param offset where the entry begins
   * @return whether what it covers can never be read
   */
  public static boolean isLost(byte[] entries, int offset) {
    for (int i = offset; i < offset + ENTRY; i++) {
      if (entries[i] != (byte) 0xFF) {
        return false;
      }
    }
    return true;
  }

  /**
   * Makes entries of a page lost.
   *
   * @param page 4096 bytes
   * @param count the first that many
   */
  public static void lose(byte[] page, int count) {
    Arrays.fill(page, ENTRIES, ENTRIES + count * ENTRY, (byte) 0xFF);
  }

  /**
   * A sector's flags.
   *
   * @param entries the array
   * @param offset where the entry begins
   * @return the flags
   */
  public static int flags(byte[] entries, int offset) {
    return ByteBuffer.wrap(entries).getShort(offset + FLAGS) & 0xFFFF;
  }

  /**
   * Whether flags are those of a sector that this release reads.
   *
   * @param flags the flags
   * @return whether it is present, purified in part or not
   */
  public static boolean isReadable(int flags) {
    return flags == PRESENT || flags == (PRESENT | PURIFIED_IN_PART);
  }

  /**
   * Whether a sector's valid length lies within the sector.
   *
   * @param entries the array
   * @param offset where the entry begins
   * @param sectorBytes length of a sector
   * @return whether there can be such a sector
   */
  public static boolean isWithin(byte[] entries, int offset, int sectorBytes) {
    return (ByteBuffer.wrap(entries).getShort(offset + VALID) & 0xFFFF) < sectorBytes;
  }

  /**
   * Whether all entries of a page are holes.
   *
   * @param page 4096 bytes
   * @return whether it can be left out
   */
  public static boolean isEmpty(byte[] page) {
    for (int i = ENTRIES; i < page.length; i++) {
      if (page[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * How much of a page is used: up to the last byte that is not zero.
   *
   * @param page 4096 bytes
   * @return bytes
   */
  public static int usedLength(byte[] page) {
    int used = page.length;
    while (used > 0 && page[used - 1] == 0) {
      used--;
    }
    return used;
  }

  /**
   * Makes a hole of a run of entries.
   *
   * @param page 4096 bytes
   * @param slot the first of them; all to the end are cleared
   * @return whether there was anything but holes
   */
  public static boolean clearFrom(byte[] page, int slot) {
    boolean changed = false;
    for (int i = offset(slot); i < page.length; i++) {
      changed |= page[i] != 0;
      page[i] = 0;
    }
    return changed;
  }

  /**
   * The context that is authenticated with a sector: format 4 | UID 16 | epoch u32 | index u64 |
   * flags u16 | valid length - 1 u16 | zero 4, in all 40 bytes.
   *
   * @param uid the file's UID
   * @param epoch the file's key epoch
   * @param sector the sector's index
   * @param entry the array with the sector's entry
   * @param offset where the entry begins
   * @return 40 bytes
   */
  public static byte[] sectorContext(Bytes uid, int epoch, long sector, byte[] entry, int offset) {
    byte[] context = new byte[40];
    ByteBuffer buffer = ByteBuffer.wrap(context);
    buffer.put((byte) 'S').put((byte) 'R').put((byte) 'v').put((byte) '1');
    uid.copyTo(context, 4);
    buffer.position(20);
    buffer.putInt(epoch).putLong(sector).put(entry, offset + FLAGS, 4);
    return context;
  }

  /**
   * Sets an entry's flags and valid length.
   *
   * @param entry the array
   * @param offset where the entry begins
   * @param flags a combination of the flags
   * @param valid 1 to 65536
   */
  public static void setState(byte[] entry, int offset, int flags, int valid) {
    ByteBuffer.wrap(entry)
        .putShort(offset + FLAGS, (short) flags)
        .putShort(offset + VALID, (short) (valid - 1));
  }
}
