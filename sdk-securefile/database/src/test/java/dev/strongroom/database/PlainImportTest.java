// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.testkit.FaultPlan;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.file.testkit.FaultyStore;
import dev.strongroom.file.testkit.MemoryStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plain database of the host becomes a secure one. */
class PlainImportTest {

  private static final DatabaseOptions SMALL =
      DatabaseOptions.builder().cacheBytes(64 << 10).busyTimeout(Duration.ofMillis(100)).build();

  @TempDir Path host;

  private TestElement element;
  private ElementSession session;
  private MemoryStore disk;
  private FaultyStore store;
  private SecureFileSystem volume;
  private SecureDatabase database;
  private Connection connection;
  private Path plain;

  @BeforeEach
  void open() throws Exception {
    element = TestElement.create();
    session = element.login();
    disk = new MemoryStore();
    store = new FaultyStore(disk);
    volume = SecureFileSystem.create(session, store, Sql.smallVolume());
    database = SecureDatabase.open(volume, "/app.db", SMALL);
    connection = database.getConnection();
    plain = host.resolve("pläin ?%20#.db");
  }

  @AfterEach
  void close() throws IOException {
    database.close();
    session.close();
    element.close();
  }

  private Connection openPlain() throws Exception {
    return DriverManager.getConnection("jdbc:sqlite:file:" + plain.toUri().getRawPath());
  }

  private void makePlain(String... settings) throws Exception {
    try (Connection made = openPlain()) {
      Sql.run(made, settings);
      Sql.run(made, Sql.TABLE, "create table loose (v)", "create index by_name on t (name)");
      Sql.run(made, "insert into loose (rowid, v) values (5, 'five'), (77, 'more')");
      Sql.run(made, "pragma user_version = 12");
      made.setAutoCommit(false);
      Sql.fill(made, 0, 1000);
      made.commit();
    }
  }

  private void assertImported() throws Exception {
    assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(1000);
    assertThat(Sql.value(connection, "select group_concat(rowid || v) from loose"))
        .isEqualTo("5five,77more");
    assertThat(Sql.value(connection, "pragma user_version")).isEqualTo("12");
    assertThat(Sql.value(connection, "pragma page_size")).isEqualTo("4096");
    assertThat(Sql.value(connection, "pragma journal_mode")).isEqualTo("truncate");
    assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(host)) {
      return files.sorted().toList();
    }
  }

  @Test
  void foreignKeysThatDoNotFitAreTheFaultOfThePlainOne() throws Exception {
    makePlain();
    try (Connection made = openPlain()) {
      Sql.run(made, "create table parent (a)", "create table child (b references parent (a))");
    }
    assertThatThrownBy(() -> database.importPlain(plain))
        .isInstanceOf(PlainDatabaseException.class)
        .hasMessageContaining("foreign key mismatch");
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
  }

  @Test
  void aLogBesideWhatALinkLeadsToIsSeen() throws Exception {
    makePlain("pragma journal_mode = wal");
    Path link =
        Files.createSymbolicLink(Files.createDirectory(host.resolve("l")).resolve("a.db"), plain);
    try (Connection other = openPlain()) {
      Sql.run(other, "insert into loose (v) values ('only in the log')");
      assertThatThrownBy(() -> database.importPlain(link))
          .isInstanceOf(PlainDatabaseException.class)
          .hasMessageContaining("write-ahead log");
    }
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"4096, delete", "1024, delete", "65536, truncate", "4096, wal", "512, wal"})
  @Tag("jdk25")
  void pagesAndJournalsOfAllKindsBecomeOurs(int page, String journal) throws Exception {
    makePlain("pragma page_size = " + page, "pragma journal_mode = " + journal);
    byte[] before = Files.readAllBytes(plain);
    List<Path> files = files();
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
    database.importPlain(plain);
    assertImported();
    Sql.run(connection, "update t set name = 'ours' where id = 3");
    connection.close();
    database.close();
    database =
        SecureDatabase.open(volume, "/app.db", DatabaseOptions.builder().quickCheck().build());
    connection = database.getConnection();
    assertImported();
    assertThat(Sql.value(connection, "select name from t where id = 3")).isEqualTo("ours");
    assertThat(Files.readAllBytes(plain)).isEqualTo(before);
    assertThat(files()).isEqualTo(files);
  }

  @Test
  @Tag("jdk25")
  void connectionsThatAreOpenSeeItWhateverTheyRemember() throws Exception {
    // As many changes of the schema and of the file as the plain database will show.
    Sql.run(connection, "pragma user_version = 3");
    try (Connection made = openPlain()) {
      Sql.run(made, "create view v as select 1 as one");
    }
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
    try (Connection second = database.getConnection()) {
      assertThat(Sql.value(second, "pragma user_version")).isEqualTo("3");
      database.importPlain(plain);
      assertThat(Sql.value(second, "select one from v")).isEqualTo("1");
      assertThat(Sql.value(connection, "select one from v")).isEqualTo("1");
      assertThat(Sql.value(second, "pragma user_version")).isEqualTo("0");
    }
  }

  @Test
  void aDatabaseThatHasTablesIsNotReplaced() throws Exception {
    makePlain();
    Sql.run(connection, "create table mine (v)");
    assertThatThrownBy(() -> database.importPlain(plain))
        .isInstanceOf(DatabaseNotEmptyException.class)
        .hasMessageContaining("/app.db");
    Sql.run(connection, "drop table mine");
    database.importPlain(plain);
    assertImported();
  }

  @Test
  void whatIsNoDatabaseIsRefused() throws Exception {
    assertThatThrownBy(() -> database.importPlain(plain)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> database.importPlain(host)).isInstanceOf(NoSuchFileException.class);
    Files.write(plain, new byte[8192]);
    assertThatThrownBy(() -> database.importPlain(plain))
        .isInstanceOf(PlainDatabaseException.class)
        .hasMessageContaining("no SQLite database");
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
  }

  @Test
  void aDamagedDatabaseIsRefused() throws Exception {
    makePlain();
    byte[] content = Files.readAllBytes(plain);
    java.util.Arrays.fill(content, 40 * 4096, 44 * 4096, (byte) 0);
    Files.write(plain, content);
    assertThatThrownBy(() -> database.importPlain(plain))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining(plain.toString());
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
    assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
  }

  @Test
  void whatAProgramHasLeftBehindIsRefused() throws Exception {
    makePlain("pragma journal_mode = wal");
    try (Connection used = openPlain()) {
      Sql.run(used, "insert into loose values ('in the log')");
      assertThatThrownBy(() -> database.importPlain(plain))
          .isInstanceOf(PlainDatabaseException.class)
          .hasMessageContaining("write-ahead log");
    }
    database.importPlain(plain);
    assertThat(Sql.number(connection, "select count(*) from loose")).isEqualTo(3);
  }

  @Test
  void aJournalThatAProgramHasLeftIsRefused() throws Exception {
    makePlain();
    Path journal = plain.resolveSibling(plain.getFileName() + "-journal");
    Path copy = host.resolve("copy.db");
    try (Connection used = openPlain()) {
      Sql.run(used, "pragma cache_size = 5", "begin", "update t set content = zeroblob(900)");
      Files.copy(plain, copy);
      Files.copy(journal, host.resolve("copy.db-journal"));
      assertThatThrownBy(() -> database.importPlain(plain))
          .isInstanceOf(PlainDatabaseException.class)
          .hasMessageContaining("another program");
    }
    assertThatThrownBy(() -> database.importPlain(copy))
        .isInstanceOf(PlainDatabaseException.class)
        .hasMessageContaining("a journal beside it");
    database.importPlain(plain);
    assertImported();
  }

  @Test
  void rowsThatReferToNothingAreRefused() throws Exception {
    try (Connection made = openPlain()) {
      Sql.run(made, "create table p (id integer primary key)", "create table c (p references p)");
      Sql.run(made, "insert into c values (8)");
    }
    assertThatThrownBy(() -> database.importPlain(plain))
        .isInstanceOfSatisfying(
            ForeignKeysException.class, e -> assertThat(e.table()).isEqualTo("c"));
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
  }

  @Test
  void whoReadsKeepsItOut() throws Exception {
    makePlain();
    Sql.run(connection, "pragma user_version = 1", "begin");
    assertThat(Sql.value(connection, "pragma user_version")).isEqualTo("1");
    assertThatThrownBy(() -> database.importPlain(plain)).isInstanceOf(DatabaseBusyException.class);
    Sql.run(connection, "rollback");
    database.importPlain(plain);
    assertImported();
  }

  @Test
  void aFullMediumImportsNothing() throws Exception {
    makePlain();
    long covered = 10;
    for (long at = 1; at <= covered; at += 1 + covered / 12) {
      store.arm(FaultPlan.of(Fault.NO_SPACE).at(at).lasting());
      boolean done = false;
      try {
        database.importPlain(plain);
        done = true;
      } catch (IOException e) {
        assertThat(store.struck()).isPositive();
      }
      covered = Math.max(covered, store.covered());
      store.disarm();
      reopen();
      if (done) {
        assertImported();
        return;
      }
      assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    }
    database.importPlain(plain);
    assertImported();
  }

  /**
   * A volume that has met a full medium in the middle of a write stops until it is opened again.
   */
  private void reopen() throws Exception {
    connection.close();
    try {
      database.close();
      volume.close();
    } catch (IOException e) {
      assertThat(store.struck()).as(e.toString()).isPositive();
    }
    volume = SecureFileSystem.open(session, store, Sql.smallVolume());
    database = SecureDatabase.open(volume, "/app.db", SMALL);
    connection = database.getConnection();
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    makePlain();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> database.importPlain(plain))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
  }

  @Test
  void aFileWithAWriteAheadLogIsNotOpened() throws Exception {
    makePlain("pragma journal_mode = wal");
    try (SecureFile file =
        volume.openFile("/wal.db", StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(Files.readAllBytes(plain));
    }
    assertThatThrownBy(() -> SecureDatabase.open(volume, "/wal.db", SMALL))
        .isInstanceOf(DatabaseUnreadableException.class)
        .hasMessageContaining("/wal.db")
        .hasMessageContaining("write-ahead log");
  }
}
