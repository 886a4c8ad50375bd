// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SqliteLibraryException;
import dev.strongroom.database.internal.ffi.ForeignAccess;
import dev.strongroom.database.internal.jdbc.Connections;
import dev.strongroom.database.internal.jdbc.Connections.Access;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not as it must be is refused, and plain databases of the same process work on. */
@Tag("jdk25")
class SqliteLibraryTest {

  private static final ForeignAccess MEMORY = ForeignAccess.fastest();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "addressBytes, -1, 4, addresses of 64 bits",
    "getLong, -1, 0, connection of a statement",
    "getInt, -1, 9, version of the file system",
    "text, -1, other, name of the file system",
    "call, 1, 65544, db_handle",
    "call, 0, 3008000, libversion_number",
    "call, 2, 1, vfs_register",
  })
  void aLibraryThatIsNotAsItMustBeIsRefused(
      String method, int arguments, String answer, String check) throws Exception {
    ForeignAccess other = otherwise(method, arguments, answer);
    SqliteLibraryException refused =
        catchThrowableOfType(SqliteLibraryException.class, () -> SqliteLibrary.load(other));
    assertThat(refused.check()).isEqualTo(check);
    assertThat(refused).hasMessageContaining(check);
    try (Connection plain = plain()) {
      work(plain);
    }
  }

  @Test
  void aConnectionThatGoesElsewhereIsRefused() throws Exception {
    SqliteLibrary library = SqliteLibrary.load(MEMORY);
    try (Connection plain = plain()) {
      assertThatThrownBy(() -> library.confine(plain))
          .isInstanceOf(SqliteLibraryException.class)
          .hasMessageContaining("file system of a connection");
      work(plain);
    }
    Connections connections = new Connections(library, DatabaseOptions.defaults());
    String elsewhere = "jdbc:sqlite:" + folder.resolve("elsewhere.db");
    assertThatThrownBy(() -> connections.open(elsewhere, Access.WRITE, () -> false))
        .isInstanceOf(SQLException.class)
        .hasCauseInstanceOf(SqliteLibraryException.class);
  }

  private Connection plain() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("plain.db"));
  }

  private static void work(Connection plain) throws SQLException {
    try (Statement statement = plain.createStatement()) {
      statement.execute("create table t (id integer primary key)");
      statement.execute("drop table t");
    }
  }

  /** Native memory with another answer of one method; of calls, those with so many arguments. */
  private static ForeignAccess otherwise(String method, int arguments, String answer) {
    return (ForeignAccess)
        Proxy.newProxyInstance(
            SqliteLibraryTest.class.getClassLoader(),
            new Class<?>[] {ForeignAccess.class},
            (proxy, called, given) -> {
              boolean meant =
                  called.getName().equals(method)
                      && (arguments < 0 || ((long[]) given[2]).length == arguments);
              if (!meant) {
                return called.invoke(MEMORY, given);
              }
              Class<?> type = called.getReturnType();
              if (type == int.class) {
                return Integer.valueOf(answer);
              }
              return type == long.class ? Long.valueOf(answer) : answer;
            });
  }
}
