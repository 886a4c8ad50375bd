// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process with a small heap that changes all rows of a database in one transaction each time, and
 * says what that took. A row of 4000 bytes has a page of its own.
 */
final class GrowingDatabase {

  private static final AtomicInteger SYNCS = new AtomicInteger();

  private final ElementSession session;
  private final Path folder;
  private final VolumeOptions options;
  private final long rows;
  private long sum;

  private GrowingDatabase(ElementSession session, Path folder, VolumeOptions options, long rows) {
    this.session = session;
    this.folder = folder;
    this.options = options;
    this.rows = rows;
  }

  /** Arguments: a folder, one for temporary files, how many rows, the volume's cache in bytes. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    System.setProperty("java.io.tmpdir", arguments[1]);
    VolumeOptions options =
        VolumeOptions.builder().cacheBytes(Long.parseLong(arguments[3])).build();
    try (TestElement element = TestElement.create();
        ElementSession session = element.login()) {
      SecureFileSystem.create(session, counted(Store.class, new PathStore(folder)), options)
          .close();
      new GrowingDatabase(session, folder, options, Long.parseLong(arguments[2])).run();
    }
    System.out.println("done");
  }

  /** What is done with a connection that is in a transaction. */
  private interface Work {
    void run(Connection connection) throws SQLException;
  }

  private void run() throws Exception {
    measure(
        "create",
        connection -> Sql.run(connection, "create table t (id integer primary key, n, content)"));
    String insert =
        "insert into t with recursive c(i) as (select 1 union all select i + 1 from c where i < "
            + rows
            + ") select i, i * 7 % 1001, randomblob(4000) from c";
    sum = -1;
    measure(
        "insert, rolled back",
        connection -> {
          Sql.run(connection, insert);
          connection.rollback();
        });
    require("select count(*) from t", 0);
    measure("insert", connection -> Sql.run(connection, insert));
    check(0);
    measure(
        "update, rolled back",
        connection -> {
          Sql.run(connection, "update t set n = n + 1, content = randomblob(4000)");
          connection.rollback();
        });
    check(0);
    measure(
        "update",
        connection -> Sql.run(connection, "update t set n = n + 1, content = randomblob(4000)"));
    check(1);
    measure(
        "update in random order",
        connection ->
            Sql.run(
                connection,
                "replace into t with recursive c(i) as (select 1 union all select i + 1 from c"
                    + " where i < "
                    + rows
                    + "), r(id) as (select i * 7919 % "
                    + rows
                    + " + 1 from c) select id, id * 7 % 1001 + 2, randomblob(4000) from r"));
    check(2);
    measure(
        "vacuum",
        connection -> {
          connection.setAutoCommit(true);
          Sql.run(connection, "vacuum");
          connection.setAutoCommit(false);
        });
    check(2);
    measure("delete half", connection -> Sql.run(connection, "delete from t where id % 2 = 0"));
    measure(
        "vacuum of half",
        connection -> {
          connection.setAutoCommit(true);
          Sql.run(connection, "vacuum");
          connection.setAutoCommit(false);
        });
    require("select count(*) from t", rows - rows / 2);
    measure("quick_check", connection -> requireText(connection, "pragma quick_check", "ok"));
  }

  /** All rows are there, each changed so often. */
  private void check(long changes) throws Exception {
    require("select count(*) from t", rows);
    require("select sum(length(content)) from t", 4000 * rows);
    if (sum < 0) {
      sum = 0;
      for (long i = 1; i <= rows; i++) {
        sum += i * 7 % 1001;
      }
    }
    require("select sum(n) from t", sum + changes * rows);
  }

  private void require(String query, long expected) throws Exception {
    measure(query, connection -> requireText(connection, query, Long.toString(expected)));
  }

  private static void requireText(Connection connection, String query, String expected)
      throws SQLException {
    String found = Sql.value(connection, query);
    if (!found.equals(expected)) {
      throw new IllegalStateException(query + " is " + found + " instead of " + expected);
    }
  }

  /** Opens the database, does it, commits, closes, and tells what that took. */
  private void measure(String what, Work work) throws Exception {
    int syncs = SYNCS.get();
    long before = System.nanoTime();
    long done;
    int within;
    try (SecureFileSystem volume =
            SecureFileSystem.open(session, counted(Store.class, new PathStore(folder)), options);
        SecureDatabase database =
            SecureDatabase.open(volume, "/app.db", DatabaseOptions.defaults())) {
      try (Connection connection = database.getConnection()) {
        connection.setAutoCommit(false);
        syncs = SYNCS.get();
        work.run(connection);
        done = System.nanoTime();
        connection.commit();
      }
      within = SYNCS.get() - syncs;
    }
    long end = System.nanoTime();
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f s, commit and close %.1f s, %d syncs, heap %d MiB, resident %s%n",
        what,
        (done - before) / 1e9,
        (end - done) / 1e9,
        within,
        Runtime.getRuntime().totalMemory() >> 20,
        resident());
  }

  /** The most memory that the process has had, where the system tells. */
  private static String resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "unknown";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .findFirst()
        .orElse("unknown")
        .replaceAll("[^0-9]", "");
  }

  /** A store, or a file of it, whose syncs are counted. */
  private static <T> T counted(Class<T> type, Object real) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals("sync")) {
                SYNCS.incrementAndGet();
              }
              try {
                Object result = method.invoke(real, arguments);
                return result instanceof StoreFile ? counted(StoreFile.class, result) : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }
}
