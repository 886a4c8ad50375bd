// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import org.jspecify.annotations.Nullable;

/**
 * A statement of an SQL script has failed or is not allowed in one; nothing of the script was kept.
 * The message has no text of the script, which may be a secret.
 *
 * <p>Thread safety: immutable.
 */
public final class ScriptException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** Which statement, from 1. */
  private final long statement;

  /** Where it begins, from 1. */
  private final long line;

  /** SQLite's name of the result. */
  private final String code;

  /**
   * Reports a statement.
   *
   * @param statement its number in the script, from 1
   * @param line the line where it begins, from 1
   * @param code SQLite's name of the result code, such as {@code SQLITE_CONSTRAINT_UNIQUE}
   * @param problem what is the matter, without values
   * @param cause what went wrong in the secure file, or null
   */
  public ScriptException(
      long statement, long line, String code, String problem, @Nullable Throwable cause) {
    super(
        "statement "
            + statement
            + " of the script, at line "
            + line
            + ", has failed: "
            + problem
            + " ("
            + code
            + "); nothing of the script was kept",
        cause);
    this.statement = statement;
    this.line = line;
    this.code = code;
  }

  /**
   * Which statement.
   *
   * @return its number in the script, from 1
   */
  public long statement() {
    return statement;
  }

  /**
   * Where it begins.
   *
   * @return the line, from 1
   */
  public long line() {
    return line;
  }

  /**
   * What SQLite answered.
   *
   * @return its name of the result code
   * @see <a href="https://sqlite.org/rescode.html">Result and Error Codes</a>
   */
  public String code() {
    return code;
  }
}
