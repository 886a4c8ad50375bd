// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections of a JDBC driver, with the settings that secure databases have too.
 *
 * <p>Thread safety: immutable.
 */
final class DriverSource implements DataSource, DatabaseHome {

  private static final List<String> SETTINGS =
      List.of("trusted_schema = off", "cell_size_check = on", "secure_delete = on");

  private final Driver driver;
  private final String url;
  private final Properties properties;

  /**
   * Takes a driver.
   *
   * @param properties what the driver sets on its own, such as a key
   */
  DriverSource(Driver driver, String url, Properties properties, String journalMode) {
    this.driver = driver;
    this.url = url;
    this.properties = new Properties();
    this.properties.putAll(properties);
    this.properties.setProperty("journal_mode", journalMode);
    this.properties.setProperty("synchronous", "FULL");
    this.properties.setProperty("page_size", "4096");
    this.properties.setProperty("cache_size", "-8192");
    this.properties.setProperty("foreign_keys", "true");
    this.properties.setProperty("busy_timeout", "5000");
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = driver.connect(url, properties);
    if (connection == null) {
      throw new SQLException("the driver does not take " + url);
    }
    try (Statement statement = connection.createStatement()) {
      for (String setting : SETTINGS) {
        statement.execute("pragma " + setting);
      }
    } catch (SQLException e) {
      try (connection) {
        throw e;
      }
    }
    return connection;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public DataSource source() {
    return this;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("no log");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException("no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }

  @Override
  public void close() {}
}
