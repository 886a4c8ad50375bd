// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A commit does not fit into the journal, however much it may grow. Nothing was committed and
 * nothing is lost.
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

  /**
   * Bytes of journal that the commit needs.
   *
   * @return bytes
   */
  public long needed() {
    return needed;
  }

  /**
   * Bytes that the journal may have.
   *
   * @return bytes
   */
  public long limit() {
    return limit;
  }
}
