// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rowids that the inserts of a connection have made ({@link Statement#getGeneratedKeys()}),
 * asked of SQLite only when somebody wants to know them. The driver, left alone, compiles and runs
 * a statement after each insert for it.
 *
 * <p>SQLite knows one, the connection's newest. Whose it is, is remembered here, and before another
 * statement of the connection runs, it is asked for; so each statement answers its own.
 *
 * <p>Thread safety: thread-safe; statements run in a block that is synchronized on this object.
 */
final class GeneratedKeys {

  private static final Pattern INSERT =
      Pattern.compile("\\s*(insert|replace)", Pattern.CASE_INSENSITIVE);
  private static final Pattern WITH = Pattern.compile("\\s*with\\s", Pattern.CASE_INSENSITIVE);
  private static final Pattern INSERT_AFTER_WITH =
      Pattern.compile("\\)\\s*(insert|replace)", Pattern.CASE_INSENSITIVE);

  private final Connection connection;
  private @Nullable PreparedStatement question;
  private @Nullable OfStatement newest;

  /**
   * The keys of a connection.
   *
   * @param connection the driver's, which does not ask for keys by itself
   */
  GeneratedKeys(Connection connection) {
    this.connection = connection;
  }

  /**
   * Whether a statement is one whose key is remembered: the same as with the driver alone.
   *
   * @param sql its text; the driver refuses null
   * @return whether it begins as an insert does
   */
  static boolean areMadeBy(@Nullable String sql) {
    return sql != null
        && (INSERT.matcher(sql).lookingAt()
            || (WITH.matcher(sql).lookingAt() && INSERT_AFTER_WITH.matcher(sql).find()));
  }

  private long ask() throws SQLException {
    PreparedStatement prepared = question;
    if (prepared == null) {
      prepared = connection.prepareStatement("select last_insert_rowid()");
      question = prepared;
    }
    try (ResultSet result = prepared.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }

  /** What is known of the key of one statement. */
  private enum State {
    /** It has made none. */
    NONE,
    /** SQLite knows it. */
    NEWEST,
    /** It is kept here. */
    KEPT
  }

  /**
   * The key that a statement has made.
   *
   * <p>Thread safety: thread-safe; {@link #begin} and {@link #inserted} are called in one block
   * that is synchronized on the keys of the connection.
   */
  final class OfStatement {

    private volatile State state = State.NONE;
    private long key;
    private volatile @Nullable Statement asked;
    private @Nullable ResultSet answer;

    /**
     * The statement is about to run.
     *
     * @throws SQLException if SQLite does not tell another statement's key, which it is about to
     *     forget
     */
    void begin() throws SQLException {
      OfStatement other = newest;
      if (other != null && other != this) {
        other.key = ask();
        other.state = State.KEPT;
      }
      newest = null;
      forget();
    }

    /** The statement has run, and is an insert. */
    void inserted() {
      state = State.NEWEST;
      newest = this;
    }

    /**
     * What it has made.
     *
     * @return one row with one column, {@code last_insert_rowid()}; none if the statement's last
     *     run was not an insert or failed. The same object until it is closed or the statement runs
     *     again
     * @throws SQLException if the connection is closed
     */
    ResultSet answer() throws SQLException {
      synchronized (GeneratedKeys.this) {
        if (answer == null || answer.isClosed()) {
          closeAnswer();
          Statement statement = connection.createStatement();
          asked = statement;
          answer =
              statement.executeQuery(
                  switch (state) {
                    case NONE -> "select 1 where 1 = 2";
                    case NEWEST -> "select last_insert_rowid()";
                    case KEPT -> "select " + key + " as \"last_insert_rowid()\"";
                  });
        }
        return answer;
      }
    }

    /**
     * Nobody asks any more.
     *
     * @throws SQLException if an answer cannot be closed
     */
    void close() throws SQLException {
      if (state == State.NONE && asked == null) {
        return; // without waiting for a statement that runs
      }
      synchronized (GeneratedKeys.this) {
        if (newest == this) {
          newest = null;
        }
        forget();
      }
    }

    private void forget() throws SQLException {
      state = State.NONE;
      closeAnswer();
    }

    private void closeAnswer() throws SQLException {
      answer = null;
      Statement statement = asked;
      if (statement != null) {
        asked = null;
        statement.close();
      }
    }
  }
}
