// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process in which eight threads move amounts between accounts, while the garbage collector runs
 * without a pause, statements are cancelled, threads interrupted, and connections left as they are.
 */
final class StressedDatabase {

  private static final int THREADS = 8;
  private static final int ACCOUNTS = 200;
  private static final long ALL = 1000L * ACCOUNTS;
  private static final String ENDLESS =
      "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";

  private final SecureDatabase database;
  private final Queue<Statement> cancelled = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> interrupted = new ConcurrentLinkedQueue<>();
  private final Map<String, Long> failures = new TreeMap<>(); // guarded by itself
  private final AtomicLong committed = new AtomicLong();

  private StressedDatabase(SecureDatabase database) {
    this.database = database;
  }

  /** Arguments: a folder, a seed, transactions of each thread, seconds at least. */
  public static void main(String[] arguments) throws Exception {
    VolumeOptions options = VolumeOptions.builder().cacheBytes(4 << 20).build();
    try (TestElement element = TestElement.create();
        ElementSession session = element.login();
        SecureFileSystem volume = SecureFileSystem.create(session, Path.of(arguments[0]), options);
        SecureDatabase database =
            SecureDatabase.open(
                volume,
                "/bank.db",
                DatabaseOptions.builder()
                    .busyTimeout(Duration.ofSeconds(20))
                    .cacheBytes(64 << 10)
                    .build())) {
      new StressedDatabase(database)
          .run(
              Long.parseLong(arguments[1]),
              Integer.parseInt(arguments[2]),
              Duration.ofSeconds(Long.parseLong(arguments[3])));
    }
  }

  private void run(long seed, int transactions, Duration time) throws Exception {
    try (Connection connection = database.getConnection()) {
      Sql.run(
          connection,
          "create table account (id integer primary key, amount integer, rest blob)",
          "create table done (id integer primary key, content blob)",
          "with recursive n(i) as (select 0 union all select i + 1 from n where i < "
              + (ACCOUNTS - 1)
              + ") insert into account select i, 1000, zeroblob(1000) from n");
    }
    Thread disturber = new Thread(this::disturb);
    disturber.setDaemon(true);
    disturber.start();
    long end = System.nanoTime() + time.toNanos();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    List<Callable<Boolean>> work = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed + i);
      work.add(() -> work(random, transactions, end));
    }
    for (Future<Boolean> each : pool.invokeAll(work)) {
      each.get();
    }
    pool.shutdown();
    try (Connection connection = database.getConnection()) {
      require("ok", Sql.value(connection, "pragma integrity_check"));
      require(committed + "", Sql.value(connection, "select count(*) from done"));
      require(ALL + "", Sql.value(connection, "select sum(amount) from account"));
    }
    System.out.println(committed + " commits, failures " + failures);
  }

  private static void require(String wanted, String found) {
    if (!wanted.equals(found)) {
      throw new AssertionError("wanted " + wanted + ", found " + found);
    }
  }

  /** Collects garbage, cancels what asks for it, and interrupts who asks for it. */
  private void disturb() {
    try {
      while (true) {
        System.gc();
        Thread.sleep(2);
        for (Statement each = cancelled.poll(); each != null; each = cancelled.poll()) {
          cancel(each);
        }
        for (Thread each = interrupted.poll(); each != null; each = interrupted.poll()) {
          each.interrupt();
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void cancel(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) { // it was closed meanwhile
      synchronized (failures) {
        failures.merge("cancelled too late", 1L, Long::sum);
      }
    }
  }

  private boolean work(Random random, int transactions, long end) throws SQLException {
    for (int done = 0; done < transactions || System.nanoTime() < end; ) {
      if (random.nextInt(4) == 0) {
        interrupted.add(Thread.currentThread());
      }
      // Half of the connections are used once, the others a few times.
      try (Connection connection = database.getConnection()) {
        for (int i = random.nextInt(6); i >= 0; i--) {
          done += transfer(connection, random) ? 1 : 0;
        }
        if (random.nextInt(4) == 0) {
          leaveOpen(connection);
        }
      } catch (SQLException e) {
        count(e);
      }
    }
    return true;
  }

  /** Answers whether it was committed. */
  private boolean transfer(Connection connection, Random random) throws SQLException {
    int amount = random.nextInt(100);
    try {
      connection.setAutoCommit(false);
      require(ALL + "", Sql.value(connection, "select sum(amount) from account"));
      change(connection, -amount, random.nextInt(ACCOUNTS));
      switch (random.nextInt(8)) {
        case 0 -> Sql.run(connection, "update account set rest = randomblob(1000)"); // spills
        case 1 ->
            Sql.run(
                connection,
                "create temp table if not exists sorted (id, rest)",
                "delete from temp.sorted",
                "insert into temp.sorted select id, rest from account order by rest");
        case 2 -> endless(connection);
        default -> {}
      }
      change(connection, amount, random.nextInt(ACCOUNTS));
      if (random.nextInt(6) == 0) {
        connection.rollback();
        return false;
      }
      Sql.run(connection, "insert into done (content) values (randomblob(300))");
      connection.commit();
      committed.incrementAndGet();
      return true;
    } catch (SQLException e) {
      count(e);
      connection.rollback();
      return false;
    }
  }

  private static void change(Connection connection, int amount, int id) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("update account set amount = amount + ? where id = ?")) {
      update.setInt(1, amount);
      update.setInt(2, id);
      update.executeUpdate();
    }
  }

  /** Runs until it is cancelled. */
  private void endless(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Asked for again and again, since a cancellation may come before the statement runs.
      Thread asking =
          new Thread(
              () -> {
                while (!Thread.interrupted()) {
                  cancelled.add(statement);
                  Thread.onSpinWait();
                  try {
                    Thread.sleep(5);
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              });
      asking.start();
      try {
        statement.executeQuery(ENDLESS).close();
        throw new AssertionError("an endless statement has ended");
      } finally {
        asking.interrupt();
      }
    }
  }

  /** What the close of the connection has to end. */
  private static void leaveOpen(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    Sql.run(connection, "update account set amount = 0");
    Statement open = connection.createStatement();
    ResultSet rows = open.executeQuery("select * from account");
    rows.next();
  }

  private void count(SQLException e) {
    String code = String.valueOf(e.getMessage()).replaceAll("^\\[(\\w+)].*", "$1");
    if (!code.startsWith("SQLITE_BUSY") && !code.startsWith("SQLITE_INTERRUPT")) {
      throw new AssertionError("an error that nobody asked for", e);
    }
    synchronized (failures) {
      failures.merge(code, 1L, Long::sum);
    }
  }
}
