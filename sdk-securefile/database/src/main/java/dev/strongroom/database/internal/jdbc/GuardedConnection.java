// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import static dev.strongroom.database.internal.jdbc.DriverCall.explained;

import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Struct;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the JDBC driver as an application sees it: the interface of {@code java.sql}, and
 * nothing of the driver behind it. All calls go through; what they answer is guarded in the same
 * way. So neither {@code unwrap} nor a cast reaches the driver's own methods, which copy databases
 * to plain files and memory, nor do the commands that it finds in the text of a statement.
 *
 * <p>An exception gets what went wrong in the secure file as its cause.
 *
 * <p>Thread safety: as the driver's connection.
 */
public final class GuardedConnection implements Connection {

  private final Connection target;
  private final Runnable closed;
  private final GeneratedKeys keys;

  private GuardedConnection(Connection target, Runnable closed) {
    this.target = target;
    this.closed = closed;
    this.keys = new GeneratedKeys(target);
  }

  /**
   * Guards a connection.
   *
   * @param connection the driver's
   * @param closed is run when it has been closed
   * @return what the application gets
   */
  public static Connection guard(Connection connection, Runnable closed) {
    return new GuardedConnection(connection, closed);
  }

  GeneratedKeys keys() {
    return keys;
  }

  /** The rows of a statement, or of one that only the driver knows. */
  ResultSet rows(ResultSet result, @Nullable Statement statement) {
    return new GuardedResultSet(result, this, statement);
  }

  Statement statement(Statement statement) {
    return new GuardedStatement(statement, this);
  }

  /** An object of an interface of {@code java.sql} that is asked rarely. */
  <T> T guarded(Class<T> type, T object) {
    return GuardedObject.guard(type, object, this);
  }

  private PreparedStatement prepared(String sql, DriverCall<PreparedStatement> call)
      throws SQLException {
    GuardedStatement.refuseCommands(sql);
    return new GuardedPreparedStatement(explained(call), this, sql);
  }

  private static SQLException noProcedures() {
    return new SQLFeatureNotSupportedException("SQLite has no stored procedures");
  }

  @Override
  public Statement createStatement() throws SQLException {
    return statement(explained(() -> target.createStatement()));
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepared(sql, () -> target.prepareStatement(sql));
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    throw noProcedures();
  }

  @Override
  public String nativeSQL(String sql) throws SQLException {
    return explained(() -> target.nativeSQL(sql));
  }

  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    explained(() -> target.setAutoCommit(autoCommit));
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    return target.getAutoCommit();
  }

  @Override
  public void commit() throws SQLException {
    explained(() -> target.commit());
  }

  @Override
  public void rollback() throws SQLException {
    try {
      explained(() -> target.rollback());
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
        throw e;
      }
      // A failure has made SQLite roll back by itself; the driver would not begin another
      // transaction, so it gets one to roll back.
      try (Statement begin = target.createStatement()) {
        explained(() -> begin.execute("begin"));
      }
      explained(() -> target.rollback());
    }
  }

  @Override
  public void close() throws SQLException {
    explained(target::close);
    closed.run();
  }

  @Override
  public boolean isClosed() throws SQLException {
    return target.isClosed();
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    return guarded(DatabaseMetaData.class, explained(() -> target.getMetaData()));
  }

  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    explained(() -> target.setReadOnly(readOnly));
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return explained(() -> target.isReadOnly());
  }

  @Override
  public void setCatalog(String catalog) throws SQLException {
    explained(() -> target.setCatalog(catalog));
  }

  @Override
  public String getCatalog() throws SQLException {
    return explained(() -> target.getCatalog());
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    explained(() -> target.setTransactionIsolation(level));
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    return explained(() -> target.getTransactionIsolation());
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
  public Statement createStatement(int resultSetType, int resultSetConcurrency)
      throws SQLException {
    return statement(explained(() -> target.createStatement(resultSetType, resultSetConcurrency)));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int resultSetType, int resultSetConcurrency)
      throws SQLException {
    return prepared(sql, () -> target.prepareStatement(sql, resultSetType, resultSetConcurrency));
  }

  @Override
  public CallableStatement prepareCall(String sql, int resultSetType, int resultSetConcurrency)
      throws SQLException {
    throw noProcedures();
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    return explained(() -> target.getTypeMap());
  }

  @Override
  public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
    explained(() -> target.setTypeMap(map));
  }

  @Override
  public void setHoldability(int holdability) throws SQLException {
    explained(() -> target.setHoldability(holdability));
  }

  @Override
  public int getHoldability() throws SQLException {
    return explained(() -> target.getHoldability());
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    return guarded(Savepoint.class, explained(() -> target.setSavepoint()));
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    return guarded(Savepoint.class, explained(() -> target.setSavepoint(name)));
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    explained(() -> target.rollback(savepoint));
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    explained(() -> target.releaseSavepoint(savepoint));
  }

  @Override
  public Statement createStatement(
      int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
    return statement(
        explained(
            () ->
                target.createStatement(resultSetType, resultSetConcurrency, resultSetHoldability)));
  }

  @Override
  public PreparedStatement prepareStatement(
      String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability)
      throws SQLException {
    return prepared(
        sql,
        () ->
            target.prepareStatement(
                sql, resultSetType, resultSetConcurrency, resultSetHoldability));
  }

  @Override
  public CallableStatement prepareCall(
      String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability)
      throws SQLException {
    throw noProcedures();
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
    return prepared(sql, () -> target.prepareStatement(sql, autoGeneratedKeys));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
    return prepared(sql, () -> target.prepareStatement(sql, columnIndexes));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
    return prepared(sql, () -> target.prepareStatement(sql, columnNames));
  }

  @Override
  public Clob createClob() throws SQLException {
    return guarded(Clob.class, explained(() -> target.createClob()));
  }

  @Override
  public Blob createBlob() throws SQLException {
    return guarded(Blob.class, explained(() -> target.createBlob()));
  }

  @Override
  public NClob createNClob() throws SQLException {
    return guarded(NClob.class, explained(() -> target.createNClob()));
  }

  @Override
  public SQLXML createSQLXML() throws SQLException {
    return guarded(SQLXML.class, explained(() -> target.createSQLXML()));
  }

  @Override
  public boolean isValid(int timeout) throws SQLException {
    return explained(() -> target.isValid(timeout));
  }

  @Override
  public void setClientInfo(String name, String value) throws SQLClientInfoException {
    target.setClientInfo(name, value);
  }

  @Override
  public void setClientInfo(Properties properties) throws SQLClientInfoException {
    target.setClientInfo(properties);
  }

  @Override
  public String getClientInfo(String name) throws SQLException {
    return explained(() -> target.getClientInfo(name));
  }

  @Override
  public Properties getClientInfo() throws SQLException {
    return explained(() -> target.getClientInfo());
  }

  @Override
  public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
    return guarded(Array.class, explained(() -> target.createArrayOf(typeName, elements)));
  }

  @Override
  public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
    return guarded(Struct.class, explained(() -> target.createStruct(typeName, attributes)));
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    explained(() -> target.setSchema(schema));
  }

  @Override
  public String getSchema() throws SQLException {
    return explained(() -> target.getSchema());
  }

  @Override
  public void abort(Executor executor) throws SQLException {
    explained(() -> target.abort(executor));
    closed.run();
  }

  @Override
  public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
    explained(() -> target.setNetworkTimeout(executor, milliseconds));
  }

  @Override
  public int getNetworkTimeout() throws SQLException {
    return explained(() -> target.getNetworkTimeout());
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
    return Guarded.name(this, Connection.class);
  }
}
