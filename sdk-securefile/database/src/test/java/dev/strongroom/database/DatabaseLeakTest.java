// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host gets to see while SQLite spills everything that it can spill. */
class DatabaseLeakTest {

  private static final String SECRET = "the combination is 4711";

  @TempDir Path folder;
  @TempDir Path temporary;

  @Test
  void nothingClearReachesTheHost() throws Exception {
    String before = System.getProperty("java.io.tmpdir");
    try (TestElement element = TestElement.create();
        ElementSession session = element.login()) {
      DatabaseOptions small = DatabaseOptions.builder().cacheBytes(64 << 10).build();
      SecureDatabase.open(session, folder, "other.db", small).close(); // unpacks the libraries
      System.setProperty("java.io.tmpdir", temporary.toString());
      try (SecureDatabase database = SecureDatabase.open(session, folder, "app.db", small);
          Connection connection = database.getConnection()) {
        spill(connection);
      }
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
    look("the close");
  }

  private void spill(Connection connection) throws Exception {
    Sql.run(connection, Sql.TABLE, "pragma cache_size = 16");
    connection.setAutoCommit(false);
    fill(connection, 9000);
    look("a transaction that spills");
    connection.commit();
    look("a commit");
    Sql.run(connection, "update t set name = name || name"); // the journal gets the old pages
    assertThat(look("an update that spills")).as("scratch files on the host").isPositive();
    lookDuring(connection, "create index by_content on t (content, name, id)");
    lookDuring(connection, "create temp table u as select * from t order by content, name");
    connection.commit();
    connection.setAutoCommit(true);
    lookDuring(connection, "vacuum");
  }

  /** Looks while a statement runs and when it has ended; it must use the host's scratch files. */
  private void lookDuring(Connection connection, String statement) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Boolean> done =
          thread.submit(
              () -> {
                Sql.run(connection, statement);
                return true;
              });
      int scratch = 0;
      while (!done.isDone()) {
        scratch = Math.max(scratch, look(statement));
      }
      assertThat(done.get()).isTrue();
      look(statement);
      assertThat(scratch).as("scratch files on the host: " + statement).isPositive();
    } finally {
      thread.shutdownNow();
    }
  }

  private static void fill(Connection connection, int rows) throws Exception {
    byte[] bytes = (SECRET + " ").repeat(40).getBytes(StandardCharsets.US_ASCII);
    try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?, ?)")) {
      for (int i = 0; i < rows; i++) {
        insert.setInt(1, i);
        insert.setString(2, SECRET + i);
        insert.setBytes(3, bytes);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Searches all files; answers how many scratch files had content. */
  private int look(String when) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.walk(folder)) {
      found.filter(Files::isRegularFile).forEach(files::add);
    }
    try (Stream<Path> found = Files.list(temporary)) { // a walk fails if a name goes meanwhile
      found.filter(Files::isRegularFile).forEach(files::add);
    }
    int scratch = 0;
    Path open = Path.of("/proc/self/fd"); // a scratch file has no name
    if (Files.isDirectory(open)) {
      try (Stream<Path> found = Files.list(open)) {
        for (Path each : found.toList()) {
          if (target(each).startsWith(temporary.toString()) && size(each) > 0) {
            files.add(each);
            scratch++;
          }
        }
      }
    }
    for (Path file : files) {
      String content = content(file);
      assertThat(content.contains("combination")).as(when + ": " + file).isFalse();
      assertThat(content.contains("SQLite format")).as(when + ": " + file).isFalse();
    }
    assertThat(files).isNotEmpty();
    return scratch;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0; // given back meanwhile
    }
  }

  private static String content(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return ""; // given back meanwhile
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // the one of the listing itself
    }
  }
}
