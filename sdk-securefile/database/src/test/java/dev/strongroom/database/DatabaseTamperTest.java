// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.testkit.MemoryStore;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody changes a block of the host file, of each kind that a database has: an error, or the
 * rows as they are, and never others.
 */
class DatabaseTamperTest {

  private static final long SEED = Long.getLong("tamper.seed", 20260101);
  private static final int BLOCK = 4096;

  /** The header's two copies; a tag page is before sectors 32 to 151, a node and another follow. */
  private static final int FIRST_SECTOR = 2;

  private static final int FIRST_TAG_PAGE = 34;
  private static final int FIRST_NODE = 155;
  private static final int SECOND_TAG_PAGE = 156;

  private final Random random = new Random(SEED);
  private final Map<String, int[]> outcomes = new TreeMap<>();
  private final Map<Integer, String> kinds = new TreeMap<>();

  private TestElement element;
  private ElementSession session;
  private MemoryStore disk;
  private String host;
  private byte[] content;
  private byte[] older;
  private String rows;

  @BeforeEach
  void makeDatabase() throws Exception {
    element = TestElement.create();
    session = element.login();
    disk = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, disk, Sql.smallVolume());
        SecureDatabase database = open(volume);
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE, "create index by_content on t (content)");
      connection.setAutoCommit(false);
      Sql.fill(connection, 0, 500);
      Sql.run(
          connection,
          "insert into t select id + 1000, 'long', zeroblob(20000) from t where id < 10",
          "delete from t where id between 100 and 180");
      connection.commit();
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, Sql.smallVolume())) {
      host = volume.stat("/app.db").hostName();
    }
    older = disk.content(host);
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, Sql.smallVolume());
        SecureDatabase database = open(volume);
        Connection connection = database.getConnection()) {
      Sql.run(connection, "update t set content = substr(content, 2) || 'z', name = name || 'y'");
      findKinds(connection);
    }
    content = disk.content(host);
    rows = rows(disk.copy());
  }

  private void findKinds(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet pages = statement.executeQuery("select pageno, pagetype from dbstat")) {
      while (pages.next()) {
        kinds.put(blockOf(pages.getInt(1)), pages.getString(2));
      }
    }
    kinds.put(blockOf(1), "first page");
    long count = Sql.number(connection, "pragma page_count");
    assertThat(count).as("the table of blocks goes so far").isBetween(160L, 270L);
    for (int page = 2; page <= count; page++) {
      kinds.putIfAbsent(blockOf(page), "freelist");
    }
    kinds.put(FIRST_TAG_PAGE, "tag page");
    kinds.put(FIRST_NODE, "node");
    kinds.put(SECOND_TAG_PAGE, "tag page");
  }

  @AfterEach
  void close() {
    session.close();
    element.close();
  }

  private static SecureDatabase open(SecureFileSystem volume) throws IOException {
    return SecureDatabase.open(volume, "/app.db", DatabaseOptions.defaults());
  }

  private static int blockOf(int page) {
    int sector = page - 1;
    if (sector < FIRST_TAG_PAGE - FIRST_SECTOR) {
      return FIRST_SECTOR + sector;
    }
    int block = FIRST_SECTOR + sector + 1;
    return block < FIRST_NODE ? block : block + 2;
  }

  private String rows(MemoryStore store) throws IOException, SQLException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, Sql.smallVolume());
        SecureDatabase database = open(volume);
        Connection connection = database.getConnection()) {
      return Sql.value(connection, "select group_concat(id || name || hex(content)) from t")
          + Sql.value(
              connection,
              "select group_concat(hex(content)) from"
                  + " (select content from t indexed by by_content order by content)");
    }
  }

  @Test
  void aBlockOfAnyKindThatIsChangedIsAnErrorAndNeverAWrongRow() throws Exception {
    for (Map.Entry<Integer, String> each : kinds.entrySet()) {
      int block = each.getKey();
      String kind = each.getValue();
      boolean all = !List.of("leaf", "overflow", "freelist").contains(kind);
      int way = block % 12; // of the many, each third in one way
      if (all || way == 0) {
        byte[] flipped = content.clone();
        flipped[block * BLOCK + random.nextInt(BLOCK)] ^= (byte) (1 << random.nextInt(8));
        attempt(kind + ", a bit flipped", flipped);
      }
      if (all || way == 3) {
        byte[] replayed = content.clone();
        System.arraycopy(older, block * BLOCK, replayed, block * BLOCK, BLOCK);
        attempt(kind + ", an older one", replayed);
      }
      if (all || way == 6) {
        byte[] zeros = content.clone();
        Arrays.fill(zeros, block * BLOCK, (block + 1) * BLOCK, (byte) 0);
        attempt(kind + ", zeros", zeros);
      }
      if (all || way == 9) {
        int other = another(block, kind);
        byte[] swapped = content.clone();
        System.arraycopy(content, other * BLOCK, swapped, block * BLOCK, BLOCK);
        System.arraycopy(content, block * BLOCK, swapped, other * BLOCK, BLOCK);
        attempt(kind + ", swapped", swapped);
      }
    }
    report();
    assertThat(kinds.values())
        .contains("first page", "internal", "leaf", "overflow", "freelist", "tag page", "node");
    outcomes.forEach(
        (what, counts) -> {
          if (!what.startsWith("freelist")) { // which nobody reads
            assertThat(counts[0]).as(what).isPositive();
            assertThat(counts[1]).as(what + " went unnoticed").isZero();
          }
        });
  }

  /** Another block of the same kind, if there is one. */
  private int another(int block, String kind) {
    List<Integer> others = new ArrayList<>();
    kinds.forEach(
        (each, its) -> {
          if (its.equals(kind) && each != block) {
            others.add(each);
          }
        });
    return others.isEmpty() ? FIRST_TAG_PAGE + 1 : others.get(random.nextInt(others.size()));
  }

  @Test
  void aFileThatIsCutIsAnErrorAndOneThatIsLongerIsTheSame() throws Exception {
    for (int blocks = 0; blocks * BLOCK < content.length; blocks += blocks < 4 ? 1 : 15) {
      attempt("cut", Arrays.copyOf(content, blocks * BLOCK));
    }
    attempt("cut", Arrays.copyOf(content, content.length - 1));
    for (int more : new int[] {1, BLOCK, 10 * BLOCK}) {
      byte[] longer = new byte[content.length + more];
      random.nextBytes(longer);
      System.arraycopy(content, 0, longer, 0, content.length);
      attempt("longer", longer);
    }
    report();
    outcomes.forEach(
        (what, counts) -> assertThat(counts[what.equals("cut") ? 1 : 0]).as(what).isZero());
  }

  private void attempt(String what, byte[] altered) throws IOException {
    if (Arrays.equals(altered, content)) {
      return;
    }
    MemoryStore copy = disk.copy();
    copy.replaceContent(host, altered);
    int[] counts = outcomes.computeIfAbsent(what, name -> new int[2]);
    try {
      assertThat(rows(copy)).as(what).isEqualTo(rows);
      counts[1]++;
    } catch (StrongroomException | FileSystemException e) {
      counts[0]++;
    } catch (SQLException e) {
      assertThat(e.getMessage()).as(what).containsAnyOf("SQLITE_IOERR_DATA", "SQLITE_NOTADB");
      counts[0]++;
    }
  }

  private void report() {
    StringBuilder text = new StringBuilder("DatabaseTamperTest: seed " + SEED);
    outcomes.forEach(
        (what, counts) ->
            text.append("; ")
                .append(what)
                .append(": ")
                .append(counts[0])
                .append(" refused, ")
                .append(counts[1])
                .append(" whole"));
    System.out.println(text);
  }
}
