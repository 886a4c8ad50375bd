// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A commit does not fit into the journal, however much it may grow, or what must be known of a
 * transaction does not fit into half of the cache. Nothing was committed and nothing is lost.
 *
 * <p>Most of what is known of a large transaction leaves memory. What stays is about 2.5 bytes for
 * a new sector and 9 for a replaced one, and up to 500 where no other sector in 120 changes.
 *
 * <p>Thread safety: immutable.
 */
public final class CommitTooLargeException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final long needed;
  private final long limit;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param needed bytes of journal that the commit needs
   * @param limit bytes that the journal may have
   */
  public CommitTooLargeException(String volume, long needed, long limit) {
    super(
        volume
            + ": the commit needs up to "
            + needed
            + " bytes of journal, its limit is "
            + limit
            + "; commit more often, or open the volume with a higher journalLimitBytes",
        null);
    this.needed = needed;
    this.limit = limit;
  }

  private CommitTooLargeException(String message, long[] needed, long limit) {
    super(message, null);
    this.needed = needed[0];
    this.limit = limit;
  }

  /**
   * Reports that a transaction has changed more than half of the cache can keep track of.
   *
   * @param file the file
   * @param needed bytes of memory that its commit needs
   * @param limit bytes that it may have, half of the cache
   * @return the exception
   */
  public static CommitTooLargeException ofMemory(String file, long needed, long limit) {
    String message =
        file
            + ": the commit of what has been changed needs "
            + needed
            + " bytes of memory, its limit is "
            + limit
            + ", half of the cache; commit more often, or open the volume with more cacheBytes";
    return new CommitTooLargeException(message, new long[] {needed}, limit);
  }

  /**
   * Bytes of journal, or of memory, that the commit needs.
   *
   * @return bytes
   */
  public long needed() {
    return needed;
  }

  /**
   * Bytes that there may be.
   *
   * @return bytes
   */
  public long limit() {
    return limit;
  }
}
