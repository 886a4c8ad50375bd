// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.sql.SQLException;
import java.util.regex.Pattern;

/**
 * What SQLite said of a statement, as an exit code and for people.
 *
 * <p>Thread safety: stateless.
 */
final class SqlFailures {

  /** The driver's message: a name for programs, a sentence, and what SQLite said in parentheses. */
  private static final Pattern DRIVERS_MESSAGE =
      Pattern.compile("\\[SQLITE_\\w+\\][^(]*(?:\\(\\)[^(]*)?\\((.*)\\)", Pattern.DOTALL);

  /** Primary result codes, see https://sqlite.org/rescode.html. */
  private static final int BUSY = 5;

  private static final int LOCKED = 6;
  private static final int NOMEM = 7;
  private static final int READONLY = 8;
  private static final int INTERRUPT = 9;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int NOTADB = 26;

  private SqlFailures() {}

  static ExitCode exitCode(SQLException failed) {
    return switch (failed.getErrorCode()) {
      case BUSY, LOCKED -> ExitCode.BUSY;
      case CORRUPT, NOTADB -> ExitCode.INTEGRITY;
      case NOMEM, INTERRUPT, IOERR, FULL, CANTOPEN -> ExitCode.IO;
      default -> ExitCode.SQL;
    };
  }

  static String message(SQLException failed) {
    String said = said(String.valueOf(failed.getMessage()));
    String todo =
        switch (failed.getErrorCode()) {
          case READONLY -> "; leave --read-only away";
          case INTERRUPT -> "; the statement was undone, and a transaction that it wrote in";
          case CORRUPT -> "; \"strongroom db check\" lists what is wrong";
          default -> "";
        };
    return Text.printable(said + todo);
  }

  /** A message of the driver, or with one in it, in SQLite's own words. */
  static String said(String message) {
    return DRIVERS_MESSAGE.matcher(message).replaceAll("$1");
  }
}
