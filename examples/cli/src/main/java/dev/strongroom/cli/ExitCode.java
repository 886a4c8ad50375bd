// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

/**
 * How a command ended; the numbers are stable.
 *
 * <p>Thread safety: immutable.
 */
public enum ExitCode {
  /** Everything was done. */
  OK(0, "everything was done"),
  /** Some of it was done; what was not has been reported. */
  PARTLY(1, "done in part; what was not done has been reported"),
  /** The command line, a name, a new PIN or a missing one: nothing was tried. */
  USAGE(2, "the command line is wrong, or a PIN is missing; nothing was tried"),
  /** The element refused the PIN, or the PIN is blocked. */
  LOGIN(3, "login refused: wrong or blocked PIN"),
  /** What was named is not there, or is there already. */
  NAME(4, "not found, or there already"),
  /** Stored data is not what was stored. */
  INTEGRITY(5, "stored data was altered, damaged or cannot be understood"),
  /** The volume belongs to another element. */
  WRONG_ELEMENT(6, "the volume belongs to another element"),
  /** Another process holds the volume or the element. */
  BUSY(7, "the volume or the element is in use"),
  /** A device, a file of the host or a link failed. */
  IO(8, "input or output failed: no space, no permission, device or link"),
  /** The database did not take a statement: wrong SQL, or a rule that the data would break. */
  SQL(9, "the database did not take a statement: wrong SQL, or data against its rules"),
  /** Who read standard output has ended; the number is that of other tools, 128 and SIGPIPE. */
  READER_GONE(141, "the program that read standard output has ended; nothing is said of it");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /**
   * The number that the process ends with.
   *
   * @return 0 to 9, or 141
   */
  public int code() {
    return code;
  }

  /**
   * What it says, in a line.
   *
   * @return the meaning
   */
  public String meaning() {
    return meaning;
  }
}
