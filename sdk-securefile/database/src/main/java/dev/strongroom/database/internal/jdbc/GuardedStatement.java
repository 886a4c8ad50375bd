// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import static dev.strongroom.database.internal.jdbc.DriverCall.explained;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.ExtendedCommand;

/**
 * A statement as an application sees it, guarded as the {@linkplain GuardedConnection connection}
 * is.
 *
 * <p>Thread safety: as the driver's.
 */
sealed class GuardedStatement implements Statement permits GuardedPreparedStatement {

  private final Statement target;
  private final GuardedConnection connection;
  private final GeneratedKeys.OfStatement keys;

  GuardedStatement(Statement target, GuardedConnection connection) {
    this.target = target;
    this.connection = connection;
    this.keys = connection.keys().new OfStatement();
  }

  /** The guarded one. */
  final GuardedConnection connection() {
    return connection;
  }

  /** Runs what makes no key that is remembered. */
  final <T> T run(DriverCall<T> call) throws SQLException {
    synchronized (connection.keys()) {
      return explained(
          () -> {
            keys.begin();
            return call.call();
          });
    }
  }

  /** Runs what makes a key. */
  final <T> T insert(DriverCall<T> call) throws SQLException {
    synchronized (connection.keys()) {
      T result = run(call);
      keys.inserted();
      return result;
    }
  }

  private <T> T run(String sql, DriverCall<T> call) throws SQLException {
    refuseCommands(sql);
    return GeneratedKeys.areMadeBy(sql) ? insert(call) : run(call);
  }

  /**
   * Refuses the driver's own commands, {@code backup to} and {@code restore from}, which name plain
   * files.
   */
  static void refuseCommands(String sql) throws SQLException {
    if (ExtendedCommand.parse(sql) != null) {
      throw new SQLFeatureNotSupportedException(
          "a secure database is neither copied to a plain file nor filled from one by a statement");
    }
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    refuseCommands(sql);
    return connection.rows(run(() -> target.executeQuery(sql)), this);
  }

  @Override
  public int executeUpdate(String sql) throws SQLException {
    return run(sql, () -> target.executeUpdate(sql));
  }

  @Override
  public void close() throws SQLException {
    explained(
        () -> {
          keys.close();
          target.close();
        });
  }

  @Override
  public int getMaxFieldSize() throws SQLException {
    return explained(() -> target.getMaxFieldSize());
  }

  @Override
  public void setMaxFieldSize(int max) throws SQLException {
    explained(() -> target.setMaxFieldSize(max));
  }

  @Override
  public int getMaxRows() throws SQLException {
    return explained(() -> target.getMaxRows());
  }

  @Override
  public void setMaxRows(int max) throws SQLException {
    explained(() -> target.setMaxRows(max));
  }

  @Override
  public void setEscapeProcessing(boolean enable) throws SQLException {
    explained(() -> target.setEscapeProcessing(enable));
  }

  @Override
  public int getQueryTimeout() throws SQLException {
    return explained(() -> target.getQueryTimeout());
  }

  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    explained(() -> target.setQueryTimeout(seconds));
  }

  @Override
  public void cancel() throws SQLException {
    target.cancel();
  }

  @Override
  public SQLWarning getWarnings() throws SQLException {
    return explained(() -> target.getWarnings());
  }

  @Override
  public void clearWarnings() throws SQLException {
    explained(() -> target.clearWarnings());
  }

  @Override
  public void setCursorName(String name) throws SQLException {
    explained(() -> target.setCursorName(name));
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    return run(sql, () -> target.execute(sql));
  }

  @Override
  public @Nullable ResultSet getResultSet() throws SQLException {
    ResultSet rows = explained(target::getResultSet);
    return rows == null ? null : connection.rows(rows, this);
  }

  @Override
  public int getUpdateCount() throws SQLException {
    return explained(() -> target.getUpdateCount());
  }

  @Override
  public boolean getMoreResults() throws SQLException {
    return explained(() -> target.getMoreResults());
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    explained(() -> target.setFetchDirection(direction));
  }

  @Override
  public int getFetchDirection() throws SQLException {
    return explained(() -> target.getFetchDirection());
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    explained(() -> target.setFetchSize(rows));
  }

  @Override
  public int getFetchSize() throws SQLException {
    return explained(() -> target.getFetchSize());
  }

  @Override
  public int getResultSetConcurrency() throws SQLException {
    return explained(() -> target.getResultSetConcurrency());
  }

  @Override
  public int getResultSetType() throws SQLException {
    return explained(() -> target.getResultSetType());
  }

  @Override
  public void addBatch(String sql) throws SQLException {
    refuseCommands(sql);
    explained(() -> target.addBatch(sql));
  }

  @Override
  public void clearBatch() throws SQLException {
    explained(() -> target.clearBatch());
  }

  @Override
  public int[] executeBatch() throws SQLException {
    return run(target::executeBatch);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return connection;
  }

  @Override
  public boolean getMoreResults(int current) throws SQLException {
    return explained(() -> target.getMoreResults(current));
  }

  @Override
  public ResultSet getGeneratedKeys() throws SQLException {
    return connection.rows(explained(keys::answer), this);
  }

  @Override
  public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
    return run(sql, () -> target.executeUpdate(sql, autoGeneratedKeys));
  }

  @Override
  public int executeUpdate(String sql, int[] columnIndexes) throws SQLException {
    return run(sql, () -> target.executeUpdate(sql, columnIndexes));
  }

  @Override
  public int executeUpdate(String sql, String[] columnNames) throws SQLException {
    return run(sql, () -> target.executeUpdate(sql, columnNames));
  }

  @Override
  public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
    return run(sql, () -> target.execute(sql, autoGeneratedKeys));
  }

  @Override
  public boolean execute(String sql, int[] columnIndexes) throws SQLException {
    return run(sql, () -> target.execute(sql, columnIndexes));
  }

  @Override
  public boolean execute(String sql, String[] columnNames) throws SQLException {
    return run(sql, () -> target.execute(sql, columnNames));
  }

  @Override
  public int getResultSetHoldability() throws SQLException {
    return explained(() -> target.getResultSetHoldability());
  }

  @Override
  public boolean isClosed() throws SQLException {
    return explained(() -> target.isClosed());
  }

  @Override
  public void setPoolable(boolean poolable) throws SQLException {
    explained(() -> target.setPoolable(poolable));
  }

  @Override
  public boolean isPoolable() throws SQLException {
    return explained(() -> target.isPoolable());
  }

  @Override
  public void closeOnCompletion() throws SQLException {
    explained(() -> target.closeOnCompletion());
  }

  @Override
  public boolean isCloseOnCompletion() throws SQLException {
    return explained(() -> target.isCloseOnCompletion());
  }

  @Override
  public long getLargeUpdateCount() throws SQLException {
    return explained(() -> target.getLargeUpdateCount());
  }

  @Override
  public void setLargeMaxRows(long max) throws SQLException {
    explained(() -> target.setLargeMaxRows(max));
  }

  @Override
  public long getLargeMaxRows() throws SQLException {
    return explained(() -> target.getLargeMaxRows());
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    return run(target::executeLargeBatch);
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    return run(sql, () -> target.executeLargeUpdate(sql));
  }

  @Override
  public long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
    return run(sql, () -> target.executeLargeUpdate(sql, autoGeneratedKeys));
  }

  @Override
  public long executeLargeUpdate(String sql, int[] columnIndexes) throws SQLException {
    return run(sql, () -> target.executeLargeUpdate(sql, columnIndexes));
  }

  @Override
  public long executeLargeUpdate(String sql, String[] columnNames) throws SQLException {
    return run(sql, () -> target.executeLargeUpdate(sql, columnNames));
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Guarded.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  @Override
  public String toString() {
    return Guarded.name(this, Statement.class);
  }
}
