// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

/**
 * What fits into a key memory.
 *
 * <p>Thread safety: immutable.
 *
 * @param places of {@value #PLACE_LENGTH} bytes, {@value #MIN_PLACES} to {@value #MAX_PLACES}
 */
public record Capacity(int places) {

  /** Length of a place in bytes. */
  public static final int PLACE_LENGTH = 4096;

  /** The fewest places. */
  public static final int MIN_PLACES = 4;

  /** The most places. */
  public static final int MAX_PLACES = 16_384;

  /** The most pages of records that the root names without tables. */
  static final int MAX_INLINE = 88;

  private static final int PLACES_PER_SPARE = 16;
  private static final int MIN_SPARE = 2;

  /** Refuses what is out of range. */
  public Capacity {
    if (places < MIN_PLACES || places > MAX_PLACES) {
      throw new IllegalArgumentException(
          "a key memory has " + MIN_PLACES + " to " + MAX_PLACES + " places, not " + places);
    }
  }

  /** How many tables name this many pages of records. */
  static int tables(int pages) {
    return pages <= MAX_INLINE ? 0 : (pages + PageTree.TABLE_ENTRIES - 1) / PageTree.TABLE_ENTRIES;
  }

  private int spare() {
    return Math.max(MIN_SPARE, (places + PLACES_PER_SPARE - 1) / PLACES_PER_SPARE);
  }

  /** The most pages of records. */
  int pages() {
    int pages = places - spare();
    while (pages + tables(pages) + spare() > places) {
      pages--;
    }
    return pages;
  }

  /**
   * The most records.
   *
   * @return 50 for each page that can have some
   */
  public int records() {
    return pages() * RecordIndex.PAGE_RECORDS;
  }
}
