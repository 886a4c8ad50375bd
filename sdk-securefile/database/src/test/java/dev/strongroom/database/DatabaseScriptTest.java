// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.StringReader;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases as scripts of SQL, and back. */
class DatabaseScriptTest {

  private static final DatabaseOptions IMPATIENT =
      DatabaseOptions.builder().cacheBytes(64 << 10).busyTimeout(Duration.ofMillis(100)).build();

  /** Everything that a schema can have; runs on SQLite 3.40 as well. */
  private static final String[] SCHEMA = {
    "create table \"odd \"\"name\" (\"select\" integer, 'b c' text, [rowid] real) -- remark",
    "create table keyed (a text, b integer, c, primary key (a, b)) without rowid",
    "create table counted (id integer primary key autoincrement, v text collate nocase /* x",
    "create table made (a integer, twice integer generated always as (a * 2) stored, b text,"
        + " more text generated always as (b || '!') virtual)",
    "create table strictly (a integer not null, b real, c any) strict",
    "create table parent (id integer primary key)",
    "create table child (id integer primary key, p integer references parent (id))",
    "create table numbered (v)",
    "create index by_text on \"odd \"\"name\" (\"b c\" desc) where \"select\" > 1",
    "create unique index expression on keyed (lower(a), b)",
    "create virtual table words using fts5 (body, content_rowid)",
    "create virtual table old_words using fts4 (title, body)",
    "create virtual table area using rtree (id, x0, x1, y0, y1)",
    "create view shown as select a, b from keyed; -- with a remark",
    "create trigger on_child after insert on child when new.id > 5 begin"
        + " insert into numbered values (';end;'); select case new.id when 7 then 1 end; end",
    "create trigger on_view instead of insert on shown begin"
        + " insert into keyed values (new.a, new.b, null); end",
  };

  @TempDir Path folder;

  private TestElement element;
  private ElementSession session;
  private SecureDatabase database;
  private Connection connection;

  @BeforeEach
  void open() throws Exception {
    element = TestElement.create();
    session = element.login();
    database = open("app.db");
    connection = database.getConnection();
  }

  @AfterEach
  void close() throws IOException {
    database.close();
    session.close();
    element.close();
  }

  private SecureDatabase open(String name) throws IOException {
    return SecureDatabase.open(session, folder, name, IMPATIENT);
  }

  private void fillEverything() throws Exception {
    for (String each : SCHEMA) {
      Sql.run(connection, each.endsWith("/* x") ? each.replace(" /* x", ") /* x") : each);
    }
    Sql.run(
        connection,
        "insert into \"odd \"\"name\" values (1, 'it''s; \"so\" -- no /* remark', 0.1),"
            + " (2, char(0), 9e999), (3, 'a' || char(0) || '(NUL)' || char(0), -9e999),"
            + " (4, char(10, 13, 9, 128512, 65533), 1e-310),"
            + " (5, '', 123456789012345680.0), (6, cast(x'c3286162' as text), -0.0)",
        "insert into keyed values ('k', 1, x''), ('k', 2, x'00ff10'), ('l', 1, null)",
        "insert into counted (v) values ('a'), ('b'), ('c')",
        "delete from counted where id = 3",
        "insert into made (a, b) values (21, 'b'), (null, null)",
        "insert into strictly values (9223372036854775807, 5, 'any'), (-9223372036854775808, 0.5, 3)",
        "insert into parent values (1), (9)",
        "insert into child values (1, 1), (2, 9), (3, null)",
        "insert into numbered (rowid, v) values (5, 'five'), (-3, 'minus'), (4000000000, 1)",
        "insert into words (rowid, body, content_rowid) values (7, 'quick brown fox', 'x')",
        "insert into old_words (docid, title, body) values (3, 'a title', 'lazy dog')",
        "insert into area values (1, 0.5, 1.5, -2, 2)",
        "analyze",
        "pragma user_version = 42",
        "pragma application_id = -7");
    Random random = new Random(1);
    try (PreparedStatement insert =
        connection.prepareStatement("insert into numbered values (?)")) {
      for (int i = 0; i < 2000; i++) {
        double drawn = Double.longBitsToDouble(random.nextLong());
        insert.setDouble(1, Double.isNaN(drawn) ? random.nextDouble() : drawn);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static String dump(SecureDatabase database) throws Exception {
    StringBuilder text = new StringBuilder();
    database.exportSql(text);
    return text.toString();
  }

  /** What two databases are compared by; reals bit by bit as far as SQLite can show them. */
  private static String content(Connection connection) throws Exception {
    return Sql.value(
            connection,
            "select group_concat(\"select\" || hex(\"b c\") || printf('%!.20g', \"rowid\")) from"
                + " \"odd \"\"name\"")
        + Sql.value(connection, "select group_concat(a || b || quote(c)) from keyed")
        + Sql.value(connection, "select group_concat(id || v) from counted")
        + Sql.value(
            connection, "select group_concat(quote(a) || quote(twice) || quote(more)) from made")
        + Sql.value(connection, "select group_concat(a || typeof(b) || typeof(c)) from strictly")
        + Sql.value(connection, "select group_concat(id || quote(p)) from child")
        + Sql.value(
            connection,
            "select group_concat(rowid || case typeof(v) when 'real' then printf('%!.20g', v) else v"
                + " end) from numbered")
        + Sql.value(connection, "select rowid from words where words match 'brown'")
        + Sql.value(connection, "select docid from old_words where old_words match 'dog'")
        + Sql.value(connection, "select id from area where x0 < 1 and x1 > 1")
        + Sql.value(connection, "select group_concat(name || seq) from sqlite_sequence")
        + Sql.value(connection, "select count(*) from sqlite_stat1")
        + Sql.value(connection, "pragma user_version")
        + Sql.value(connection, "pragma application_id")
        + Sql.value(connection, "pragma integrity_check")
        + Sql.value(
            connection,
            "select group_concat(type || name, ' ') from (select * from sqlite_master where name != 'sqlite_stat4' order by type,"
                + " name)");
  }

  @Test
  @Tag("jdk25")
  void aScriptOfEverythingMakesTheSameDatabase() throws Exception {
    fillEverything();
    String dump = dump(database);
    try (SecureDatabase copy = open("copy.db");
        Connection before = copy.getConnection()) {
      assertThat(Sql.number(before, "select count(*) from sqlite_master")).isZero();
      copy.importSql(new StringReader(dump));
      assertThat(content(before)).isEqualTo(content(connection)).contains("427").contains("ok");
      assertThat(dump(copy)).isEqualTo(dump);
      Sql.run(before, "insert into shown values ('by a view', 8)");
      assertThat(Sql.value(before, "select b from keyed where a = 'by a view'")).isEqualTo("8");
    }
  }

  @Test
  void theShellReadsTheScript() throws Exception {
    fillEverything();
    // Releases of SQLite before 3.47 may read a number that is this large or small off by one bit.
    Sql.run(
        connection,
        "delete from numbered where typeof(v) = 'real' and abs(v) not between 1e-15 and 1e15",
        "update \"odd \"\"name\" set \"rowid\" = 0.1 where \"select\" = 4",
        "insert into numbered select 1.0 / (3 + value) from (with recursive n(value) as (select 1"
            + " union all select value + 1 from n where value < 500) select value from n)",
        "analyze");
    Path script = folder.resolve("dump.sql");
    Files.writeString(script, dump(database), UTF_8);
    Path plain = folder.resolve("plain.db");
    try (SecureDatabase back = open("back.db");
        Connection reader = back.getConnection()) {
      Assumptions.assumeTrue(shell(plain, script), "SQLite's shell is not installed");
      try (Connection read = DriverManager.getConnection("jdbc:sqlite:" + plain)) {
        assertThat(content(read)).isEqualTo(content(connection));
      }
      back.importPlain(plain);
      assertThat(content(reader)).isEqualTo(content(connection));
      String again = dump(back); // the tables behind virtual ones come first by now
      try (SecureDatabase third = open("third.db");
          Connection last = third.getConnection()) {
        third.importSql(new StringReader(again));
        assertThat(content(last)).isEqualTo(content(connection));
        assertThat(dump(third)).isEqualTo(again);
      }
    }
  }

  private static boolean shell(Path database, Path script) throws Exception {
    Process process;
    try {
      process =
          new ProcessBuilder("sqlite3", "-bail", database.toString())
              .redirectInput(script.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      return false;
    }
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEmpty();
    return true;
  }

  @Test
  void theScriptOfTheShellIsRead() throws Exception {
    String script =
        """
        PRAGMA foreign_keys=OFF;
        BEGIN TRANSACTION;
        CREATE TABLE child(id integer primary key, p references parent(id));
        INSERT INTO child VALUES(1,1);
        CREATE TABLE parent(id integer primary key);
        INSERT INTO parent VALUES(1);
        CREATE TRIGGER t AFTER INSERT ON parent BEGIN
          SELECT 'a;b'; -- ; end;
          SELECT CASE WHEN 1 THEN 2 END;
        END;
        COMMIT;
        CREATE TABLE late(v)""";
    database.importSql(new StringReader("\uFEFF" + script));
    assertThat(Sql.number(connection, "select count(*) from child")).isEqualTo(1);
    assertThat(Sql.number(connection, "select count(*) from late")).isZero();
    assertThat(Sql.value(connection, "pragma foreign_keys")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "insert into t values (1, 'x', null);|SQLITE_CONSTRAINT_PRIMARYKEY|t.id",
        "insert into t valeus ('the secret');|SQLITE_ERROR|syntax error",
        "insert into t values (5, \"the secret, 1);|SQLITE_ERROR|statement 3",
        "insert into t values (5, the_secret);;|SQLITE_ERROR|has failed",
        "attach '/tmp/the secret' as other;|SQLITE_AUTH|ATTACH",
        "vacuum;|SQLITE_ERROR|VACUUM",
        "\uFEFFcommit; insert into t valeus ('the secret');|SQLITE_ERROR|syntax error",
        "rollback;|SQLITE_ERROR|rolls itself back",
        "begin; insert into t values (9, 'cut', null);|SQLITE_ERROR|is cut",
        ".read /tmp/the secret|SQLITE_ERROR|syntax error",
        "insert into t values (5, 'a\0b', 1);|SQLITE_ERROR|NUL",
        "create table u(a); pragma writable_schema=on; update sqlite_schema set sql='no' where"
            + " name='u';|SQLITE_CORRUPT|malformed",
      })
  void aScriptThatFailsHasDoneNothing(String bad, String code, String said) throws Exception {
    Sql.run(connection, Sql.TABLE, "insert into t values (1, 'kept', null)");
    String before = dump(database);
    String script = "create table more(a);\n\n/* a\nremark */ insert into more values (1);\n" + bad;
    ScriptException failure =
        catchThrowableOfType(
            ScriptException.class, () -> database.importSql(new StringReader(script)));
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure).hasMessageContaining(said).hasMessageContaining("line 5");
    assertThat(failure.line()).isEqualTo(5);
    assertThat(failure.statement()).isGreaterThanOrEqualTo(3);
    for (Throwable each = failure; each != null; each = each.getCause()) {
      assertThat(each.toString()).doesNotContain("the secret");
    }
    assertThat(dump(database)).isEqualTo(before);
    assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    database.importSql(new StringReader("insert into t values (2, 'after', null)"));
    assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(2);
  }

  @Test
  void rowsThatReferToNothingAreRefused() throws Exception {
    assertThatThrownBy(
            () ->
                database.importSql(
                    new StringReader(
                        "create table p(id integer primary key);"
                            + "create table c(p references p(id)); insert into c values (3)")))
        .isInstanceOfSatisfying(
            ForeignKeysException.class, e -> assertThat(e.table()).isEqualTo("c"))
        .hasMessageContaining("app.db");
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "-- only a remark", "/* one", ";;;", "begin;commit;"})
  void aScriptWithoutStatementsDoesNothing(String script) throws Exception {
    database.importSql(new StringReader(script));
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isZero();
  }

  @Test
  void whoWritesKeepsAnImportOutButNoExport() throws Exception {
    Sql.run(connection, Sql.TABLE, "insert into t values (1, 'committed', null)");
    Sql.run(connection, "begin immediate", "insert into t values (2, 'open', null)");
    assertThatThrownBy(() -> database.importSql(new StringReader("create table more(a)")))
        .isInstanceOf(DatabaseBusyException.class);
    assertThat(dump(database)).contains("'committed'").doesNotContain("'open'");
    Sql.run(connection, "commit");
  }

  @Test
  void anExportShowsOneStateWhileOthersCommit() throws Exception {
    Sql.run(connection, Sql.TABLE);
    connection.setAutoCommit(false);
    Sql.fill(connection, 0, 2000);
    connection.commit();
    connection.setAutoCommit(true);
    StringBuilder text = new StringBuilder();
    Appendable target =
        new Appendable() {
          private int calls;

          @Override
          public Appendable append(CharSequence part) throws IOException {
            text.append(part);
            if (++calls == 200) {
              try {
                Sql.run(connection, "update t set name = 'changed', content = null");
                Sql.run(connection, "create table late (v)");
              } catch (Exception e) {
                throw new IOException(e);
              }
            }
            return this;
          }

          @Override
          public Appendable append(CharSequence part, int start, int end) throws IOException {
            return append(part.subSequence(start, end));
          }

          @Override
          public Appendable append(char part) throws IOException {
            return append(String.valueOf(part));
          }
        };
    database.exportSql(target);
    assertThat(text).doesNotContain("changed").doesNotContain("late").contains("'row 1999'");
    assertThat(Sql.value(connection, "select max(name) from t")).isEqualTo("changed");
  }

  @Test
  void aTargetOrSourceThatFailsIsReported() throws Exception {
    Sql.run(connection, Sql.TABLE);
    IOException full = new IOException("the disk is full");
    Appendable target = new FailingText(full);
    assertThatThrownBy(() -> database.exportSql(target)).isSameAs(full);
    assertThatThrownBy(
            () ->
                database.importSql(
                    new StringReader("create table u(a);\n") {
                      @Override
                      public int read(char[] buffer, int offset, int length) throws IOException {
                        throw full;
                      }
                    }))
        .isSameAs(full);
    assertThat(Sql.number(connection, "select count(*) from sqlite_master")).isEqualTo(1);
  }

  private record FailingText(IOException failure) implements Appendable {

    @Override
    public Appendable append(CharSequence part) throws IOException {
      throw failure;
    }

    @Override
    public Appendable append(CharSequence part, int start, int end) throws IOException {
      throw failure;
    }

    @Override
    public Appendable append(char part) throws IOException {
      throw failure;
    }
  }

  @Test
  @Tag("jdk25")
  void anInterruptAndACloseEndAnImport() throws Exception {
    String endless =
        "create table u(a); with recursive n(i) as (select 1 union all select i + 1 from n)"
            + " insert into u select i from n where i < 0;";
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> database.importSql(new StringReader(endless)))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    Thread closer =
        new Thread(
            () -> {
              try {
                Thread.sleep(300);
                database.close();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    closer.start();
    assertThatThrownBy(() -> database.importSql(new StringReader(endless)))
        .isInstanceOf(ClosedChannelException.class);
    closer.join();
    database = open("app.db");
    try (Connection reader = database.getConnection()) {
      assertThat(Sql.number(reader, "select count(*) from sqlite_master")).isZero();
    }
  }

  @Test
  void aDatabaseThatIsOnlyReadIsExportedAndNotFilled() throws Exception {
    Sql.run(connection, Sql.TABLE, "insert into t values (1, 'one', null)");
    String dump = dump(database);
    database.close();
    DatabaseOptions readOnly = DatabaseOptions.builder().readOnly().build();
    try (SecureDatabase read = SecureDatabase.open(session, folder, "app.db", readOnly)) {
      assertThat(dump(read)).isEqualTo(dump);
      assertThatThrownBy(() -> read.importSql(new StringReader("create table u(a)")))
          .isInstanceOf(ReadOnlyFileSystemException.class);
      assertThatThrownBy(read::rekey).isInstanceOf(ReadOnlyFileSystemException.class);
    }
  }
}
