// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

/**
 * How often a managed key may protect, and how much of that is reserved. Uses are reserved in
 * blocks, so that not each of them is a write to persistent memory; after a loss of power a block
 * counts as used.
 *
 * <p>Thread safety: immutable.
 *
 * @param limit most uses, 1 to {@link #MAX}; 0 if there is no limit
 * @param blocks how many blocks are reserved, 0 to 65535, no more than make up the limit
 */
public record UsageLimit(long limit, int blocks) {

  /** The highest limit: 65,535 blocks of the largest size, below 2^32. */
  public static final long MAX = 0xFFFF_0000L;

  private static final long LARGEST_BLOCK = 65_536;

  /**
   * Checks the ranges.
   *
   * @param limit as above
   * @param blocks as above
   */
  public UsageLimit {
    requireLimit(limit);
    requireBlocks(limit, blocks);
  }

  static void requireBlocks(long limit, int blocks) {
    if (blocks < 0 || blocks > blocksOf(limit, limit)) {
      throw new IllegalArgumentException(blocks + " blocks of a limit of " + limit);
    }
  }

  static long requireLimit(long limit) {
    if (limit < 0 || limit > MAX) {
      throw new IllegalArgumentException("a limit is 1 to 4294901760, or 0 for none, not " + limit);
    }
    return limit;
  }

  /**
   * How many uses are reserved at once: one percent, at most 65,536, at least 1.
   *
   * @param given a limit, or what a lease gives
   * @return uses
   */
  public static long blockSize(long given) {
    return Math.max(1, Math.min(LARGEST_BLOCK, given / 100));
  }

  /** How many blocks cover a number of uses. */
  private static long blocksOf(long limit, long uses) {
    long size = blockSize(limit);
    return (uses + size - 1) / size;
  }

  /**
   * Whether there is a limit.
   *
   * @return false if every use is permitted
   */
  public boolean isLimited() {
    return limit != 0;
  }

  /**
   * How many uses are reserved, and count as used when power is lost.
   *
   * @return uses, at most the limit
   */
  public long reserved() {
    return Math.min(limit, blocks * blockSize(limit));
  }

  /**
   * How many uses can still be reserved.
   *
   * @return uses; {@link Long#MAX_VALUE} without limit
   */
  public long unreserved() {
    return isLimited() ? limit - reserved() : Long.MAX_VALUE;
  }

  /**
   * One block more.
   *
   * @return the limit to be stored before the first use of the block
   * @throws IllegalStateException if nothing is left, or there is no limit
   */
  public UsageLimit reserve() {
    if (!isLimited() || unreserved() == 0) {
      throw new IllegalStateException("nothing can be reserved of " + this);
    }
    return new UsageLimit(limit, blocks + 1);
  }

  /**
   * Another limit, of which as much is reserved, rounded up to blocks.
   *
   * @param lower 1 to the present limit
   * @return the lower limit
   * @throws IllegalArgumentException if it is higher
   */
  public UsageLimit lowered(long lower) {
    if (lower < 1 || (isLimited() && lower > limit)) {
      throw new IllegalArgumentException(lower + " is no lower limit than " + limit);
    }
    return new UsageLimit(
        lower, (int) blocksOf(lower, Math.min(lower, isLimited() ? reserved() : 0)));
  }
}
