// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

/**
 * Something is to be had by one only, and another one has it; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class AlreadyTakenException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** What is taken. */
  public enum Part {
    /** The name of a user. */
    USER_NAME("there is a user named"),
    /** The name of a group. */
    GROUP_NAME("there is a group named"),
    /** The serial number of an element. */
    ELEMENT("another user has the element");

    private final String words;

    Part(String words) {
      this.words = words;
    }
  }

  /** What is taken. */
  private final Part part;

  /** The name, or the serial number. */
  private final String value;

  /**
   * Reports what is taken.
   *
   * @param part what
   * @param value the name, or the serial number
   */
  public AlreadyTakenException(Part part, String value) {
    super(part.words + " " + value + "; choose another", null);
    this.part = part;
    this.value = value;
  }

  /**
   * What is taken.
   *
   * @return the part
   */
  public Part part() {
    return part;
  }

  /**
   * The name, or the serial number.
   *
   * @return as it was given
   */
  public String value() {
    return value;
  }
}
