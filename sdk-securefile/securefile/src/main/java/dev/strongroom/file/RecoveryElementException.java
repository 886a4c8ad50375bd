// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A volume has a recovery element, and what was asked for goes against that.
 *
 * <p>Thread safety: immutable.
 */
public final class RecoveryElementException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  /** What goes against it. */
  public enum Reason {
    /** The recovery element was to open the volume for writing; it opens it for reading only. */
    READS_ONLY(
        "this is the volume's recovery element, which opens it for reading only; open it read-only,"
            + " or copy everything into a volume of its own with recover"),

    /**
     * A file's keys were to be derived for each crypto page, or from a managed key: the recovery
     * element could not read it.
     */
    NOT_RECOVERABLE(
        "the volume has a recovery element, which cannot have the keys of crypto pages or managed"
            + " keys; use keys per file"),

    /** The element that was to be the recovery element is one that the volume has already. */
    SAME_ELEMENT(
        "the recovery element is the very element that the volume is made with; name another one"),

    /** What is wrapped in the volume does not open with the recovery element. */
    DOES_NOT_OPEN(
        "the volume names this recovery element, but what is wrapped for it does not open: the"
            + " volume file is damaged or was altered"),

    /** The element that the volume was made with has not signed for the recovery element. */
    NOT_VOUCHED_FOR(
        "the volume names this recovery element, but without the signature of the element that it"
            + " was made with: the volume file was altered, or somebody else has made the volume");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  private final String volume;
  private final Reason reason;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param reason what goes against it
   */
  public RecoveryElementException(String volume, Reason reason) {
    super(volume + ": " + reason.text, null);
    this.volume = volume;
    this.reason = reason;
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
   * What goes against it.
   *
   * @return the value
   */
  public Reason reason() {
    return reason;
  }
}
