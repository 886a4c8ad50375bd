// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

/**
 * A database of key management belongs to somebody else; it was not touched.
 *
 * <p>Thread safety: immutable.
 */
public final class DatabaseOwnerException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** What does not fit. */
  public enum Part {
    /** It is the database of a user, or of an administrator, and should be of the other one. */
    ROLE("is of the role"),
    /** The administrator's element is another one. */
    ADMINISTRATOR("is of the administrator whose element is"),
    /** It was made with another element. */
    ELEMENT("was made with the element");

    private final String words;

    Part(String words) {
      this.words = words;
    }
  }

  /** The database as it was named. */
  private final String path;

  /** What does not fit. */
  private final Part part;

  /** What it should say. */
  private final String expected;

  /** What it says. */
  private final String found;

  /**
   * Reports a database.
   *
   * @param path the database as it was named
   * @param part what does not fit
   * @param expected what it should say: a role, or a serial number
   * @param found what it says
   */
  public DatabaseOwnerException(String path, Part part, String expected, String found) {
    super(
        path
            + ": the database of key management "
            + part.words
            + " "
            + found
            + ", not "
            + expected
            + "; name the database that belongs to this element",
        null);
    this.path = path;
    this.part = part;
    this.expected = expected;
    this.found = found;
  }

  /**
   * The database.
   *
   * @return the file as it was named
   */
  public String path() {
    return path;
  }

  /**
   * What does not fit.
   *
   * @return the part
   */
  public Part part() {
    return part;
  }

  /**
   * What it should say.
   *
   * @return a role in lower case, or a serial number in hexadecimal
   */
  public String expected() {
    return expected;
  }

  /**
   * What it says.
   *
   * @return as {@link #expected()}
   */
  public String found() {
    return found;
  }
}
