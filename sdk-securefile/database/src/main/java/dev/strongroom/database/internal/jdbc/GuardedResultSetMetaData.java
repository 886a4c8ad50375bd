// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import static dev.strongroom.database.internal.jdbc.DriverCall.explained;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/**
 * What is known of the columns of a result, guarded as the {@linkplain GuardedConnection
 * connection} is. The driver's object is the result itself.
 *
 * <p>Thread safety: as the driver's.
 */
final class GuardedResultSetMetaData implements ResultSetMetaData {

  private final ResultSetMetaData target;

  GuardedResultSetMetaData(ResultSetMetaData target) {
    this.target = target;
  }

  @Override
  public int getColumnCount() throws SQLException {
    return explained(() -> target.getColumnCount());
  }

  @Override
  public boolean isAutoIncrement(int column) throws SQLException {
    return explained(() -> target.isAutoIncrement(column));
  }

  @Override
  public boolean isCaseSensitive(int column) throws SQLException {
    return explained(() -> target.isCaseSensitive(column));
  }

  @Override
  public boolean isSearchable(int column) throws SQLException {
    return explained(() -> target.isSearchable(column));
  }

  @Override
  public boolean isCurrency(int column) throws SQLException {
    return explained(() -> target.isCurrency(column));
  }

  @Override
  public int isNullable(int column) throws SQLException {
    return explained(() -> target.isNullable(column));
  }

  @Override
  public boolean isSigned(int column) throws SQLException {
    return explained(() -> target.isSigned(column));
  }

  @Override
  public int getColumnDisplaySize(int column) throws SQLException {
    return explained(() -> target.getColumnDisplaySize(column));
  }

  @Override
  public String getColumnLabel(int column) throws SQLException {
    return explained(() -> target.getColumnLabel(column));
  }

  @Override
  public String getColumnName(int column) throws SQLException {
    return explained(() -> target.getColumnName(column));
  }

  @Override
  public String getSchemaName(int column) throws SQLException {
    return explained(() -> target.getSchemaName(column));
  }

  @Override
  public int getPrecision(int column) throws SQLException {
    return explained(() -> target.getPrecision(column));
  }

  @Override
  public int getScale(int column) throws SQLException {
    return explained(() -> target.getScale(column));
  }

  @Override
  public String getTableName(int column) throws SQLException {
    return explained(() -> target.getTableName(column));
  }

  @Override
  public String getCatalogName(int column) throws SQLException {
    return explained(() -> target.getCatalogName(column));
  }

  @Override
  public int getColumnType(int column) throws SQLException {
    return explained(() -> target.getColumnType(column));
  }

  @Override
  public String getColumnTypeName(int column) throws SQLException {
    return explained(() -> target.getColumnTypeName(column));
  }

  @Override
  public boolean isReadOnly(int column) throws SQLException {
    return explained(() -> target.isReadOnly(column));
  }

  @Override
  public boolean isWritable(int column) throws SQLException {
    return explained(() -> target.isWritable(column));
  }

  @Override
  public boolean isDefinitelyWritable(int column) throws SQLException {
    return explained(() -> target.isDefinitelyWritable(column));
  }

  @Override
  public String getColumnClassName(int column) throws SQLException {
    return explained(() -> target.getColumnClassName(column));
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
    return Guarded.name(this, ResultSetMetaData.class);
  }
}
