// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SqliteLibraryException;
import dev.strongroom.database.internal.vfs.LastFailure;
import dev.strongroom.database.internal.vfs.SqliteLibrary;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/**
 * Opens connections of the driver that go through our file system and cannot leave it.
 *
 * <p>Thread safety: thread-safe.
 */
public final class Connections {

  /** After so many steps of its machine, about a millisecond, SQLite asks whether to go on. */
  private static final int STEPS = 50_000;

  private final SqliteLibrary library;
  private final DatabaseOptions options;

  /** What a connection may do. */
  public enum Access {
    /** Read. */
    READ,
    /** Read and write. */
    WRITE
  }

  /**
   * Connections as options want them.
   *
   * @param library the driver's library
   * @param options cache and patience
   */
  public Connections(SqliteLibrary library, DatabaseOptions options) {
    this.library = library;
    this.options = options;
  }

  /**
   * Opens a connection.
   *
   * @param url what the library has answered for a database
   * @param access what it may do
   * @param ended is asked while a statement runs, and ends it
   * @return the driver's connection
   * @throws SQLException if it cannot be opened
   */
  public SQLiteConnection open(String url, Access access, BooleanSupplier ended)
      throws SQLException {
    LastFailure.clear();
    SQLiteConnection connection = null;
    try {
      connection = (SQLiteConnection) settings(access).createConnection(url);
      library.confine(connection);
      ProgressHandler.setHandler(connection, STEPS, new Until(ended));
      try (Statement statement = connection.createStatement()) {
        statement.execute("pragma trusted_schema = off");
        statement.execute("pragma cell_size_check = on");
        statement.execute("pragma secure_delete = on");
      }
      return connection;
    } catch (SQLException e) {
      SQLException explained = DriverCall.explained(e);
      closeAfter(connection, explained);
      throw explained;
    } catch (SqliteLibraryException e) {
      SQLException refused = new SQLNonTransientConnectionException(e.getMessage(), e);
      closeAfter(connection, refused);
      throw refused;
    }
  }

  /** Ends a statement that nobody waits for any more. */
  private static final class Until extends ProgressHandler {

    private final BooleanSupplier ended;

    Until(BooleanSupplier ended) {
      this.ended = ended;
    }

    @Override
    protected int progress() {
      return ended.getAsBoolean() ? 1 : 0;
    }
  }

  private static void closeAfter(@Nullable Connection connection, SQLException failure) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private SQLiteConfig settings(Access access) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(access == Access.READ);
    config.setPageSize(4096);
    config.setJournalMode(SQLiteConfig.JournalMode.TRUNCATE);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setTempStore(SQLiteConfig.TempStore.FILE);
    config.setCacheSize(-options.cacheBytes() / 1024);
    config.setBusyTimeout((int) options.busyTimeout().toMillis());
    config.enforceForeignKeys(true);
    config.setGetGeneratedKeys(false); // GeneratedKeys asks, when somebody wants to know
    return config;
  }
}
