// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

/**
 * Where the parts of a secure file lie in its host file: positions are a function of the index.
 *
 * <p>Two header copies come first, then the {@value #INLINE} sectors whose entries are in the
 * header, then groups of one tag page and {@value #FANOUT} sectors. Inner node (l, k) of the tree
 * covers the leaves k*120^l to (k+1)*120^l - 1; it lies before leaf k*120^l, or, for k = 0, before
 * leaf 120^(l-1), where it is first needed. Nodes before the same leaf stand with the highest level
 * first.
 *
 * @param headerBytes length of one header copy, 4096 to 65536
 * @param sectorBytes length of a sector, 4096 to 65536
 *     <p>Thread safety: immutable.
 */
public record Layout(int headerBytes, int sectorBytes) {

  /** Sectors whose entries are in the header. */
  public static final int INLINE = 32;

  /** Entries of a tag page, and children of an inner node. */
  public static final int FANOUT = 120;

  /** Length of a tag page or inner node in bytes. */
  public static final int TAG_PAGE = 4096;

  /** Largest length of a file: 2^60 bytes. */
  public static final long MAX_LENGTH = 1L << 60;

  /** Smallest length of a sector in bytes. */
  public static final int MIN_SECTOR = 4096;

  /** Largest length of a sector in bytes. */
  public static final int MAX_SECTOR = 65536;

  /**
   * How many sectors hold a length.
   *
   * @param length bytes
   * @return sectors
   */
  public long sectors(long length) {
    return (length + sectorBytes - 1) / sectorBytes;
  }

  /**
   * How many tag pages a number of sectors has.
   *
   * @param sectors sectors
   * @return leaves of the tree
   */
  public static long leaves(long sectors) {
    return sectors <= INLINE ? 0 : (sectors - INLINE + FANOUT - 1) / FANOUT;
  }

  /**
   * The level of the tree's root: 0 when it is a leaf.
   *
   * @param leaves leaves of the tree, at least 1
   * @return the level
   */
  public static int height(long leaves) {
    int level = 0;
    for (long span = 1; span < leaves; span *= FANOUT) {
      level++;
    }
    return level;
  }

  /**
   * The leaf that holds a sector's entry.
   *
   * @param sector its index, at least {@link #INLINE}
   * @return the leaf's index
   */
  public static long leafOf(long sector) {
    return (sector - INLINE) / FANOUT;
  }

  /**
   * A sector's place in its leaf.
   *
   * @param sector its index, at least {@link #INLINE}
   * @return 0 to 119
   */
  public static int slotOf(long sector) {
    return (int) ((sector - INLINE) % FANOUT);
  }

  /**
   * The first sector of a leaf.
   *
   * @param leaf its index
   * @return the sector's index
   */
  public static long firstSector(long leaf) {
    return INLINE + leaf * FANOUT;
  }

  /**
   * How many nodes a level has.
   *
   * @param leaves leaves of the tree, at least 1
   * @param level 0 for the leaves
   * @return nodes
   */
  public static long nodes(long leaves, int level) {
    long span = power(level);
    return (leaves + span - 1) / span;
  }

  /**
   * How many sectors a node covers.
   *
   * @param level 0 for a tag page
   * @return sectors
   */
  public static long span(int level) {
    return power(level + 1);
  }

  /**
   * Where a sector's ciphertext lies.
   *
   * @param sector its index
   * @return position in the host file
   */
  public long sectorPosition(long sector) {
    if (sector < INLINE) {
      return 2L * headerBytes + sector * sectorBytes;
    }
    return leafPosition(leafOf(sector)) + TAG_PAGE + (long) slotOf(sector) * sectorBytes;
  }

  /**
   * How many sectors from one on lie one behind the other, with no tag page between them.
   *
   * @param sector the first one's index
   * @return at least 1
   */
  public static int adjacent(long sector) {
    return sector < INLINE ? INLINE - (int) sector : FANOUT - slotOf(sector);
  }

  /**
   * Where a node of the tree lies.
   *
   * @param level 0 for a tag page
   * @param index its index in the level
   * @return position in the host file
   */
  public long nodePosition(int level, long index) {
    if (level == 0) {
      return leafPosition(index);
    }
    long gap = index == 0 ? power(level - 1) : index * power(level);
    // Every lower level has a node before the same leaf, so the distance is the level itself.
    return leafPosition(gap) - (long) level * TAG_PAGE;
  }

  /**
   * How long the host file is at least for a number of sectors.
   *
   * @param sectors sectors
   * @return bytes
   */
  public long hostBytes(long sectors) {
    return sectors == 0 ? 2L * headerBytes : sectorPosition(sectors - 1) + sectorBytes;
  }

  private long leafPosition(long leaf) {
    long group = TAG_PAGE + (long) FANOUT * sectorBytes;
    return 2L * headerBytes
        + (long) INLINE * sectorBytes
        + leaf * group
        + innerNodesUpTo(leaf) * TAG_PAGE;
  }

  private static long innerNodesUpTo(long leaf) {
    long nodes = 0;
    for (long rest = leaf; rest > 0; rest /= FANOUT) {
      nodes++; // (l, 0), before leaf 120^(l-1)
      nodes += rest / FANOUT;
    }
    return nodes;
  }

  private static long power(int exponent) {
    long result = 1;
    for (int i = 0; i < exponent; i++) {
      result *= FANOUT;
    }
    return result;
  }
}
