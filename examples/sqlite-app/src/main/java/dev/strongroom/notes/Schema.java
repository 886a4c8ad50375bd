// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.notes;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables, version by version. A database says in {@code user_version} which one it has; each
 * step to the next is a transaction, so a crash leaves the one or the other.
 *
 * <p>Thread safety: stateless.
 */
final class Schema {

  private static final List<List<String>> VERSIONS =
      List.of(
          List.of(
              "create table note ("
                  + "id integer primary key, title text not null check (title <> ''),"
                  + " text text not null)"),
          // Search: an index of the words, which triggers keep beside the table.
          List.of(
              "alter table note add column changed integer not null default 0",
              "create virtual table word using fts5 (title, text, content = 'note',"
                  + " content_rowid = 'id')",
              "insert into word (word) values ('rebuild')",
              "create trigger note_added after insert on note begin"
                  + " insert into word (rowid, title, text) values (new.id, new.title, new.text);"
                  + " end",
              "create trigger note_removed after delete on note begin"
                  + " insert into word (word, rowid, title, text)"
                  + " values ('delete', old.id, old.title, old.text);"
                  + " end"));

  private Schema() {}

  /** Brings a database, new or of an earlier version, to the newest one. */
  static void migrate(Connection connection) throws SQLException {
    migrate(connection, VERSIONS.size());
  }

  /** Brings a database to a version. */
  static void migrate(Connection connection, int wanted) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      int version = version(statement);
      if (version > VERSIONS.size()) {
        throw new SQLException(
            "the notes are of version "
                + version
                + ", this program knows "
                + VERSIONS.size()
                + "; use a newer program");
      }
      for (; version < wanted; version++) {
        for (String change : VERSIONS.get(version)) {
          statement.execute(change);
        }
        statement.execute("pragma user_version = " + (version + 1));
        connection.commit();
      }
      connection.rollback(); // ends the transaction of the question
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("pragma user_version")) {
      return result.getInt(1);
    }
  }
}
