// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import dev.strongroom.benchmarks.CountingStore;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.PathStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * What commits and selects of a secure database cost in figures that do not vary.
 *
 * @param syncs syncs of the host for a commit of one row
 * @param journalBytes bytes written to the volume's journal for it
 * @param insertAllocated bytes that it allocates in Java's heap
 * @param selectAllocated bytes that a point select allocates
 *     <p>Thread safety: immutable.
 */
record CommitCost(
    double syncs, double journalBytes, double insertAllocated, double selectAllocated) {

  private static final int TIMES = 500;

  /** Counts, in a folder that is not there yet. */
  static CommitCost count(ElementSession session, Path folder) throws IOException, SQLException {
    CountingStore store = new CountingStore(new PathStore(folder));
    try (SecureHome home =
            SecureHome.create(session, store, VolumeOptions.defaults().cacheBytes());
        Connection connection = home.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table t (id integer primary key, value blob)");
      try (PreparedStatement insert =
              connection.prepareStatement("insert into t (value) values (?)");
          PreparedStatement select =
              connection.prepareStatement("select value from t where id = ?")) {
        insert(insert);
        select(select);
        long syncs = store.syncs();
        long journal = store.journalBytes();
        long before = allocated();
        insert(insert);
        long between = allocated();
        syncs = store.syncs() - syncs;
        journal = store.journalBytes() - journal;
        long again = allocated();
        select(select);
        double times = TIMES;
        return new CommitCost(
            syncs / times,
            journal / times,
            (between - before) / times,
            (allocated() - again) / times);
      }
    }
  }

  private static void insert(PreparedStatement insert) throws SQLException {
    for (int i = 0; i < TIMES; i++) {
      insert.setBytes(1, new byte[200]);
      insert.executeUpdate();
    }
  }

  private static void select(PreparedStatement select) throws SQLException {
    for (int i = 1; i <= TIMES; i++) {
      select.setInt(1, i);
      try (ResultSet found = select.executeQuery()) {
        found.next();
      }
    }
  }

  /** Bytes that this thread has allocated, or 0 where the JVM does not count them. */
  private static long allocated() {
    return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
        ? threads.getCurrentThreadAllocatedBytes()
        : 0;
  }

  /** In words. */
  String markdown() {
    return String.format(
        Locale.ROOT,
        "Counted, without what varies: a commit of one row makes %.2f syncs of the host, writes"
            + " %.1f KiB to the volume's journal%nand allocates %.1f KiB in Java's heap; a point"
            + " select allocates %.1f KiB.",
        syncs,
        journalBytes / 1024,
        insertAllocated / 1024,
        selectAllocated / 1024);
  }
}
