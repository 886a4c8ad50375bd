// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import dev.strongroom.database.internal.vfs.LastFailure;
import dev.strongroom.database.internal.vfs.StatementRefusedException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * A call of the driver that answers something. Underneath, it may get as far as the secure file;
 * what goes wrong there, SQLite reports as a number, and the driver as a text.
 *
 * @param <T> what it answers
 *     <p>Thread safety: as what is called.
 */
@FunctionalInterface
public interface DriverCall<T> {

  /**
   * Calls.
   *
   * @return what the driver answers
   * @throws SQLException as the driver throws it
   */
  T call() throws SQLException;

  /** A call that answers nothing. */
  @FunctionalInterface
  interface Action {

    /**
     * Calls.
     *
     * @throws SQLException as the driver throws it
     */
    void run() throws SQLException;
  }

  /**
   * Calls, and explains what is thrown.
   *
   * @param call the call
   * @param <T> what it answers
   * @return what the driver answers
   * @throws SQLException with what was underneath
   */
  static <T> T explained(DriverCall<T> call) throws SQLException {
    LastFailure.clear();
    try {
      return call.call();
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  /**
   * Calls, and explains what is thrown.
   *
   * @param action the call
   * @throws SQLException with what was underneath
   */
  static void explained(Action action) throws SQLException {
    LastFailure.clear();
    try {
      action.run();
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  /**
   * A failure of the driver with what was underneath.
   *
   * @param failed as the driver threw it
   * @return what is to be thrown
   */
  static SQLException explained(SQLException failed) {
    Throwable cause = LastFailure.take();
    if (cause instanceof StatementRefusedException) {
      return new SQLFeatureNotSupportedException(
          cause.getMessage(), failed.getSQLState(), failed.getErrorCode(), failed);
    }
    if (cause != null) {
      attach(failed, cause);
    }
    return failed;
  }

  /** At the end of the chain: that of a batch has an exception of the driver in it already. */
  private static void attach(SQLException failed, Throwable cause) {
    Throwable last = failed;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    try {
      last.initCause(cause);
    } catch (IllegalStateException e) { // its end is that it has none
      failed.addSuppressed(cause);
    }
  }
}
