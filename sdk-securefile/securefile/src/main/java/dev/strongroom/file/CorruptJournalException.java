// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * The volume's journal is missing, cut or damaged where it had been durable, so that committed
 * changes may be lost.
 *
 * <p>Thread safety: immutable.
 */
public final class CorruptJournalException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;
  private final String problem;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param problem what is wrong with the journal
   */
  public CorruptJournalException(String volume, String problem) {
    super(
        volume
            + ": journal "
            + problem
            + "; nothing was changed; restore strongroom.journal or the volume from a backup",
        null);
    this.volume = volume;
    this.problem = problem;
  }

  /**
   * The volume's place.
   *
   * @return the value
   */
  public String volume() {
    return volume;
  }

  /**
   * What is wrong with the journal.
   *
   * @return the value
   */
  public String problem() {
    return problem;
  }
}
