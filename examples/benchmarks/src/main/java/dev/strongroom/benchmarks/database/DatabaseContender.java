// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/**
 * A database of one kind, and the same with more rows and smaller caches, with the tables that the
 * work is done on.
 *
 * <p>Methods that work answer operations per second.
 *
 * <p>Thread safety: confined to one thread.
 */
final class DatabaseContender implements Closeable {

  private static final long SEED = 20261122;
  private static final int VALUE_BYTES = 200;
  private static final String SELECT = "select value from base where id = ?";
  private static final String INSERT = "insert into work (name, value) values (?, ?)";

  private final DatabaseKind kind;
  private final DatabaseSize size;
  private final DatabaseHome home;
  private final DatabaseHome largeHome;
  private final Connection connection;
  private final Connection large;
  private final byte[] value = new byte[VALUE_BYTES];
  private final SplittableRandom random = new SplittableRandom(SEED);

  /** Something that is timed. */
  private interface Work {
    void run() throws SQLException;
  }

  /** Fills the tables, with the same rows for each kind. */
  DatabaseContender(DatabaseKind kind, DatabaseSize size, DatabaseHome home, DatabaseHome largeHome)
      throws SQLException {
    this.kind = kind;
    this.size = size;
    this.home = home;
    this.largeHome = largeHome;
    connection = home.source().getConnection();
    large = largeHome.source().getConnection();
    random.nextBytes(value);
    fill(connection, size.rows());
    fill(large, size.largeRows());
  }

  private void fill(Connection target, int rows) throws SQLException {
    execute(target, "create table base (id integer primary key, name text, value blob)");
    execute(target, "create table work (id integer primary key, name text, value blob)");
    target.setAutoCommit(false);
    try (PreparedStatement insert = target.prepareStatement("insert into base values (?, ?, ?)")) {
      for (int row = 1; row <= rows; row++) {
        insert.setInt(1, row);
        insert.setString(2, name(row));
        insert.setBytes(3, value);
        insert.executeUpdate();
      }
    }
    target.commit();
    target.setAutoCommit(true);
  }

  private static String name(int row) {
    return String.format("%08x name of a row", row * 0x9E3779B9);
  }

  private static void execute(Connection target, String statement) throws SQLException {
    try (Statement executed = target.createStatement()) {
      executed.execute(statement);
    }
  }

  DatabaseKind kind() {
    return kind;
  }

  private static double rate(long operations, Work work) throws SQLException {
    long start = System.nanoTime();
    work.run();
    return operations * 1e9 / (System.nanoTime() - start);
  }

  private void cache(Connection target, int kibibytes) throws SQLException {
    execute(target, "pragma shrink_memory");
    execute(target, "pragma cache_size = -" + kibibytes);
  }

  /** Commits by so many transactions of so many rows. */
  double commits(int transactions, int rows) throws SQLException {
    cache(connection, DatabaseWork.USUAL_CACHE);
    double rate;
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      rate = rate(transactions, () -> insert(insert, transactions, rows));
    }
    execute(connection, "delete from work");
    return rate;
  }

  private void insert(PreparedStatement insert, int transactions, int rows) throws SQLException {
    connection.setAutoCommit(rows == 1);
    for (int transaction = 0; transaction < transactions; transaction++) {
      for (int row = 0; row < rows; row++) {
        insert.setString(1, "name of a row");
        insert.setBytes(2, value);
        insert.executeUpdate();
      }
      if (rows > 1) {
        connection.commit();
      }
    }
    connection.setAutoCommit(true);
  }

  /** Rows a second that are inserted by batches of 1,000 in one transaction. */
  double batch() throws SQLException {
    cache(connection, DatabaseWork.USUAL_CACHE);
    double rate;
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      rate =
          rate(
              size.batch(),
              () -> {
                connection.setAutoCommit(false);
                for (int row = 1; row <= size.batch(); row++) {
                  insert.setString(1, "name of a row");
                  insert.setBytes(2, value);
                  insert.addBatch();
                  if (row % 1000 == 0 || row == size.batch()) {
                    insert.executeBatch();
                  }
                }
                connection.commit();
                connection.setAutoCommit(true);
              });
    }
    execute(connection, "delete from work");
    return rate;
  }

  /** Rows a second that are changed in one transaction, in random order. */
  double updates() throws SQLException {
    cache(connection, DatabaseWork.USUAL_CACHE);
    int rows = size.batch() / 2;
    try (PreparedStatement update =
        connection.prepareStatement("update base set name = ? where id = ?")) {
      return rate(
          rows,
          () -> {
            connection.setAutoCommit(false);
            for (int i = 0; i < rows; i++) {
              int row = 1 + random.nextInt(size.rows());
              update.setString(1, name(row));
              update.setInt(2, row);
              update.executeUpdate();
            }
            connection.commit();
            connection.setAutoCommit(true);
          });
    }
  }

  /** Rows a second that are found by a statement that was prepared once. */
  double points(CacheCase cacheCase) throws SQLException {
    Connection target = target(cacheCase);
    int rows = rows(cacheCase);
    try (PreparedStatement select = target.prepareStatement(SELECT)) {
      return rate(
          size.selects(),
          () -> {
            for (int i = 0; i < size.selects(); i++) {
              find(select, 1 + random.nextInt(rows));
            }
          });
    }
  }

  /** Rows a second that are found by a statement that is prepared each time. */
  double freshPoints() throws SQLException {
    Connection target = target(CacheCase.ALL);
    return rate(
        size.selects() / 2,
        () -> {
          for (int i = 0; i < size.selects() / 2; i++) {
            try (PreparedStatement select = target.prepareStatement(SELECT)) {
              find(select, 1 + random.nextInt(size.rows()));
            }
          }
        });
  }

  private static void find(PreparedStatement select, int row) throws SQLException {
    select.setInt(1, row);
    try (ResultSet found = select.executeQuery()) {
      if (!found.next() || found.getBytes(1).length != VALUE_BYTES) {
        throw new SQLException("row " + row + " is not what was written");
      }
    }
  }

  /** Rows a second that SQLite goes through by itself. */
  double sums(CacheCase cacheCase) throws SQLException {
    Connection target = target(cacheCase);
    int rows = rows(cacheCase);
    int times = cacheCase == CacheCase.LARGE ? 1 : 4;
    return rate(
        (long) rows * times,
        () -> {
          for (int i = 0; i < times; i++) {
            try (Statement statement = target.createStatement();
                ResultSet sum = statement.executeQuery("select sum(length(value)) from base")) {
              if (!sum.next() || sum.getLong(1) != (long) rows * VALUE_BYTES) {
                throw new SQLException("the sum is not that of what was written");
              }
            }
          }
        });
  }

  /** Rows a second that go through JDBC, all columns of them. */
  double scan(CacheCase cacheCase) throws SQLException {
    Connection target = target(cacheCase);
    int rows = rows(cacheCase);
    return rate(
        rows,
        () -> {
          try (Statement statement = target.createStatement();
              ResultSet row = statement.executeQuery("select id, name, value from base")) {
            long sum = 0;
            while (row.next()) {
              sum += row.getLong(1) + row.getString(2).length() + row.getBytes(3).length;
            }
            long ids = (long) rows * (rows + 1) / 2;
            if (sum != ids + (long) rows * (name(1).length() + VALUE_BYTES)) {
              throw new SQLException("the rows are not those that were written");
            }
          }
        });
  }

  private Connection target(CacheCase cacheCase) throws SQLException {
    Connection target = cacheCase == CacheCase.LARGE ? large : connection;
    cache(target, cacheCase.kibibytes());
    if (cacheCase == CacheCase.ALL) {
      execute(target, "select sum(length(value)) from base");
    }
    return target;
  }

  private int rows(CacheCase cacheCase) {
    return cacheCase == CacheCase.LARGE ? size.largeRows() : size.rows();
  }

  /** Rows a second that an index is built of. */
  double index() throws SQLException {
    cache(connection, DatabaseWork.USUAL_CACHE);
    double rate =
        rate(size.rows(), () -> execute(connection, "create index by_name on base (name)"));
    execute(connection, "drop index by_name");
    return rate;
  }

  /** Rows a second that VACUUM copies. */
  double vacuum() throws SQLException {
    cache(connection, DatabaseWork.USUAL_CACHE);
    return rate(size.rows(), () -> execute(connection, "vacuum"));
  }

  /** Connections a second that a pool lends for one row each. */
  double pool() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setDataSource(home.source());
    config.setMaximumPoolSize(2);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      borrow(pool, 1); // the first one waits until the pool has begun
      return rate(size.connections(), () -> borrow(pool, size.connections()));
    }
  }

  private void borrow(HikariDataSource pool, int times) throws SQLException {
    for (int i = 0; i < times; i++) {
      try (Connection borrowed = pool.getConnection();
          PreparedStatement select = borrowed.prepareStatement(SELECT)) {
        find(select, 1 + random.nextInt(size.rows()));
      }
    }
  }

  /** Makes sure that the databases are sound. */
  void verify() throws SQLException {
    for (Connection each : new Connection[] {connection, large}) {
      try (Statement statement = each.createStatement();
          ResultSet answer = statement.executeQuery("pragma integrity_check")) {
        if (!answer.next() || !answer.getString(1).equals("ok")) {
          throw new SQLException(kind.title() + ": the database is damaged");
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (home;
        largeHome;
        connection;
        large) {
      // Closed in this order, from the end.
    } catch (SQLException e) {
      throw new IOException(kind.title() + ": cannot be closed", e);
    }
  }
}
