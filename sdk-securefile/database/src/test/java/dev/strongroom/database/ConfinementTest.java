// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConnection;

/** Nothing that an application can say makes a plain file. */
@Tag("jdk25")
class ConfinementTest {

  @TempDir Path folder;
  @TempDir Path outside;

  private TestElement element;
  private ElementSession session;
  private SecureDatabase database;
  private Connection connection;

  @BeforeEach
  void open() throws Exception {
    element = TestElement.create();
    session = element.login();
    database = SecureDatabase.open(session, folder, "app.db", DatabaseOptions.defaults());
    connection = database.getConnection();
    Sql.run(connection, Sql.TABLE, "insert into t values (1, 'treasure', null)");
  }

  @AfterEach
  void close() throws IOException {
    database.close();
    session.close();
    element.close();
  }

  private List<Path> outside() throws IOException {
    try (Stream<Path> files = Files.walk(outside)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attach '%s' as other",
        "attach 'file:%s?vfs=unix' as other",
        "attach 'file:%s?vfs=unix-none' as other",
        "/* no */ attach database ('file:' || '%s?vfs=unix') as other",
        "attach ':memory:' as other",
        "vacuum into '%s'",
        "vacuum into 'file:%s?vfs=unix'",
        "vacuum main into ('file:' || '%s' || '?vfs=unix')",
        "backup to '%s'",
        "BACKUP main TO %s",
        "restore from '%s'",
        "select load_extension('%s')",
        "select load_extension('%s', 'init') from t",
        "create trigger g after insert on t begin select load_extension('%s'); end",
        "pragma temp_store_directory = '%s'",
        "pragma temp.temp_store_directory('%s')",
        "pragma data_store_directory = '%s'",
      })
  void statementsThatNamePlainFilesAreRefused(String text) throws Exception {
    String statement = text.replace("%s", outside.resolve("plain").toString());
    assertThatThrownBy(
            () -> {
              Sql.run(connection, statement);
              Sql.run(connection, "insert into t (name) values ('more')"); // runs a trigger
            })
        .isInstanceOf(SQLFeatureNotSupportedException.class)
        .hasMessageContaining("secure database");
    assertThatThrownBy(
            () -> {
              try (PreparedStatement prepared = connection.prepareStatement(statement)) {
                prepared.execute();
              }
              Sql.run(connection, "insert into t (name) values ('more')");
            })
        .isInstanceOf(SQLException.class);
    assertThat(outside()).isEmpty();
    assertThat(Sql.value(connection, "select name from t where id = 1")).isEqualTo("treasure");
  }

  @Test
  void aViewLoadsNoExtension() throws Exception {
    Sql.run(connection, "create view v as select load_extension('" + outside + "/plain')");
    assertThatThrownBy(() -> Sql.run(connection, "select * from v"))
        .isInstanceOf(SQLException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pragma journal_mode = wal",
        "pragma journal_mode = off",
        "pragma main.journal_mode(memory)",
        "PRAGMA /* x */ Journal_Mode = 'delete'",
        "pragma synchronous = off",
        "pragma main.synchronous = 1",
        "pragma locking_mode = exclusive",
        "pragma page_size = 8192",
        "pragma threads = 4",
        "pragma temp.threads = 4",
        "pragma mmap_size = 1000000",
        "pragma hard_heap_limit = 4000000",
        "pragma soft_heap_limit = 4000000",
      })
  void settingsThatACommitStandsOnAreRefused(String statement) throws Exception {
    assertThatThrownBy(() -> Sql.run(connection, statement))
        .isInstanceOf(SQLFeatureNotSupportedException.class)
        .hasMessageContaining("secure database");
    assertThat(Sql.value(connection, "pragma journal_mode")).isEqualTo("truncate");
    assertThat(Sql.value(connection, "pragma synchronous")).isEqualTo("2");
    assertThat(Sql.value(connection, "pragma locking_mode")).isEqualTo("normal");
    assertThat(Sql.value(connection, "pragma threads")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"= full", "= 2", "(FULL)", ""})
  void whatIsSoAnywayMayBeSet(String value) throws Exception {
    Sql.run(connection, "pragma synchronous " + value, "pragma main.synchronous " + value);
    assertThat(Sql.value(connection, "pragma synchronous")).isEqualTo("2");
    assertThatThrownBy(() -> Sql.run(connection, "pragma synchronous = normal"))
        .hasMessage("PRAGMA synchronous of a secure database cannot be normal, it is full");
    Sql.run(connection, "insert into t (name) values ('after it')");
  }

  @Test
  void noObjectOfTheDriverIsHandedOut() throws Exception {
    DatabaseMetaData about = connection.getMetaData();
    try (Statement statement = connection.createStatement();
        PreparedStatement prepared =
            connection.prepareStatement("insert into t (name) values (?)")) {
      ResultSet result = statement.executeQuery("select * from t");
      List<Object> objects =
          new ArrayList<>(
              List.of(
                  connection,
                  about,
                  statement,
                  prepared,
                  result,
                  result.getMetaData(),
                  result.getStatement(),
                  prepared.getParameterMetaData(),
                  statement.getConnection(),
                  about.getConnection(),
                  about.getTables(null, null, "%", null),
                  about.getTables(null, null, "%", null).getStatement(),
                  about.getColumns(null, null, "t", "%")));
      for (Object each : List.copyOf(objects)) {
        objects.addAll(answers(each));
      }
      for (Object each : objects) {
        assertThat(each.getClass().getName()).doesNotStartWith("org.sqlite");
        if (each instanceof Wrapper wrapper) {
          assertThat(wrapper.isWrapperFor(SQLiteConnection.class)).isFalse();
          assertThatThrownBy(() -> wrapper.unwrap(SQLiteConnection.class))
              .isInstanceOf(SQLException.class);
        }
      }
      assertThat(objects).hasSizeGreaterThan(20);
      assertThat(result.getStatement()).isSameAs(statement);
      assertThat(statement.getConnection()).isSameAs(connection);
      assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
    }
  }

  /** Objects of java.sql that methods without parameters answer. */
  private static List<Object> answers(Object object) throws Exception {
    List<Object> answers = new ArrayList<>();
    for (Class<?> type : object.getClass().getInterfaces()) {
      for (Method method : type.getMethods()) {
        boolean closes = method.getName().equals("close") || method.getName().equals("abort");
        boolean savepoint = method.getName().equals("setSavepoint");
        if (method.getParameterCount() == 0
            && method.getReturnType().getName().startsWith("java.sql")
            && !closes
            && !savepoint) {
          try {
            Object answer = method.invoke(object);
            if (answer != null) {
              answers.add(answer);
            }
          } catch (InvocationTargetException e) {
            assertThat(e.getCause()).isInstanceOf(SQLException.class);
          }
        }
      }
    }
    return answers;
  }

  @Test
  void theDefaultFileSystemOfTheLibraryStaysPlain() throws Exception {
    Path plain = outside.resolve("plain.db");
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + plain)) {
      Sql.run(other, Sql.TABLE, "insert into t values (1, 'in clear', null)");
    }
    assertThat(new String(Files.readAllBytes(plain), StandardCharsets.ISO_8859_1))
        .contains("in clear");
    assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(1);
  }

  @Test
  void nobodyElseOpensTheDatabaseByItsUrl() throws Exception {
    assertThat(connection.getMetaData().getURL()).isNull();
  }
}
