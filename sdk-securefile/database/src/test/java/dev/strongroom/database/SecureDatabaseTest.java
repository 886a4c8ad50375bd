// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application does with a database. */
@Tag("jdk25")
class SecureDatabaseTest {

  @TempDir Path folder;

  private TestElement element;
  private ElementSession session;

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private SecureDatabase open() throws IOException {
    return open(DatabaseOptions.defaults());
  }

  private SecureDatabase open(DatabaseOptions options) throws IOException {
    return SecureDatabase.open(session, folder, "app.db", options);
  }

  @Test
  void whatIsCommittedIsThereAfterTheNextOpen() throws Exception {
    try (SecureDatabase database = open();
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
      connection.setAutoCommit(false);
      Sql.fill(connection, 0, 2000);
      connection.commit();
      Sql.fill(connection, 2000, 10);
      connection.rollback();
    }
    try (SecureDatabase database = open(DatabaseOptions.builder().quickCheck().build());
        Connection connection = database.getConnection()) {
      assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(2000);
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    }
  }

  @Test
  void aTransactionLargerThanTheCacheIsRolledBack() throws Exception {
    DatabaseOptions small = DatabaseOptions.builder().cacheBytes(64 << 10).build();
    try (SecureDatabase database = open(small);
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
      connection.setAutoCommit(false);
      Sql.fill(connection, 0, 3000);
      connection.commit();
      String before = Sql.value(connection, "select sum(length(content)) || max(name) from t");
      Sql.run(connection, "update t set name = 'other', content = zeroblob(600)");
      connection.rollback();
      assertThat(Sql.value(connection, "select sum(length(content)) || max(name) from t"))
          .isEqualTo(before);
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    }
  }

  @Test
  void aTransactionThatIsOpenAtTheCloseIsNeverSeen() throws Exception {
    DatabaseOptions small = DatabaseOptions.builder().cacheBytes(64 << 10).build();
    try (SecureDatabase database = open(small)) {
      Connection connection = database.getConnection();
      Sql.run(connection, Sql.TABLE);
      Sql.fill(connection, 0, 100);
      connection.setAutoCommit(false);
      Sql.fill(connection, 100, 3000);
    }
    try (SecureDatabase database = open();
        Connection connection = database.getConnection()) {
      assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(100);
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    }
  }

  @Test
  void vacuumMakesTheFileSmaller() throws Exception {
    try (SecureDatabase database = open();
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
      connection.setAutoCommit(false);
      Sql.fill(connection, 0, 4000);
      connection.commit();
      Sql.run(connection, "delete from t where id > 100");
      connection.commit();
      connection.setAutoCommit(true);
      Sql.run(connection, "vacuum");
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    }
    try (SecureFile file = SecureFile.open(session, folder, "app.db", StandardOpenOption.READ)) {
      assertThat(file.size()).isLessThan(200_000);
    }
  }

  @Test
  void aFileIsOpenOnceAtATime() throws Exception {
    try (SecureDatabase database = open()) {
      assertThatThrownBy(this::open).isInstanceOf(DatabaseInUseException.class);
      assertThat(database.getConnection().isValid(1)).isTrue();
    }
    open().close();
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws Exception {
    try (SecureFile file =
        SecureFile.open(
            session, folder, "app.db", StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(new byte[8192]);
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(DatabaseUnreadableException.class)
        .hasMessageContaining("app.db")
        .hasMessageContaining("NOTADB");
  }

  @Test
  void aReadOnlyDatabaseIsNeitherMadeNorChanged() throws Exception {
    DatabaseOptions readOnly = DatabaseOptions.builder().readOnly().build();
    try (SecureDatabase database = open();
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE, "insert into t values (1, 'one', null)");
    }
    assertThatThrownBy(() -> SecureDatabase.open(session, folder, "absent.db", readOnly))
        .isInstanceOf(NoSuchFileException.class);
    try (SecureDatabase database = open(readOnly);
        Connection connection = database.getConnection()) {
      assertThat(Sql.value(connection, "select name from t")).isEqualTo("one");
      assertThatThrownBy(() -> Sql.run(connection, "delete from t"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("READONLY");
    }
  }
}
