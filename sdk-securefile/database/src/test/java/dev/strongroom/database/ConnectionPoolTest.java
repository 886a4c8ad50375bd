// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.strongroom.core.device.ElementSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections of a pool, closed and opened in the middle of others' transactions. */
@Tag("jdk25")
class ConnectionPoolTest {

  private static final long SEED = Long.getLong("pool.seed", 20260101);
  private static final int THREADS = 4;
  private static final int TRANSFERS = 30;
  private static final int ACCOUNTS = 200;

  @TempDir Path folder;

  @Test
  void evictionsChangeNothing() throws Exception {
    System.out.println("ConnectionPoolTest: seed " + SEED);
    try (TestElement element = TestElement.create();
        ElementSession session = element.login();
        SecureDatabase database =
            SecureDatabase.open(
                session,
                folder,
                "bank.db",
                DatabaseOptions.builder()
                    .busyTimeout(Duration.ofSeconds(60))
                    .cacheBytes(64 << 10)
                    .build())) {
      HikariConfig config = new HikariConfig();
      config.setDataSource(database);
      config.setMaximumPoolSize(THREADS);
      config.setAutoCommit(false);
      try (HikariDataSource pool = new HikariDataSource(config)) {
        fill(pool);
        transfer(pool);
        try (Connection connection = pool.getConnection()) {
          assertThat(Sql.number(connection, "select sum(amount) from account"))
              .isEqualTo(1000L * ACCOUNTS);
          assertThat(Sql.number(connection, "select count(*) from transfer"))
              .isEqualTo((long) THREADS * TRANSFERS);
          assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
        }
      }
    }
  }

  private static void fill(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      Sql.run(
          connection,
          "create table account (id integer primary key, amount integer, rest blob)",
          "create table transfer (id integer primary key, content blob)",
          "with recursive n(i) as (select 0 union all select i + 1 from n where i < "
              + (ACCOUNTS - 1)
              + ") insert into account select i, 1000, zeroblob(2000) from n");
      connection.commit();
    }
  }

  private static void transfer(HikariDataSource pool) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(SEED + i);
        work.add(() -> transfer(pool, random));
      }
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean transfer(HikariDataSource pool, Random random) throws SQLException {
    for (int done = 0; done < TRANSFERS; ) {
      try (Connection connection = pool.getConnection()) {
        int amount = random.nextInt(100);
        boolean spills = random.nextInt(10) == 0;
        boolean takenBack = random.nextInt(5) == 0;
        Sql.run(
            connection,
            change(-amount, random),
            spills ? "update account set rest = randomblob(2000)" : "select 1",
            change(amount, random));
        if (random.nextInt(8) == 0) {
          pool.getHikariPoolMXBean().softEvictConnections();
        }
        if (takenBack) {
          continue; // the pool rolls back
        }
        Sql.run(connection, "insert into transfer (content) values (randomblob(500))");
        connection.commit();
        done++;
      }
    }
    return true;
  }

  private static String change(int amount, Random random) {
    return "update account set amount = amount + "
        + amount
        + " where id = "
        + random.nextInt(ACCOUNTS);
  }
}
