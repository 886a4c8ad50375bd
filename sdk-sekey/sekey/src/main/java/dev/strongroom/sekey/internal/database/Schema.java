// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import dev.strongroom.database.DatabaseNotEmptyException;
import dev.strongroom.sekey.DatabaseOwnerException;
import dev.strongroom.sekey.ForeignDatabaseException;
import dev.strongroom.sekey.NewerDatabaseException;
import dev.strongroom.sekey.SeKeyException;
import dev.strongroom.sekey.internal.database.DatabaseOwner.Role;
import dev.strongroom.sekey.model.UserElement;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables, version by version. A database says in {@code user_version} which one it has; each
 * step to the next is one transaction, so a crash leaves the one or the other. What a version is
 * made of never changes once released.
 *
 * <p>Thread safety: immutable.
 */
final class Schema {

  /** {@code SKEY} in ASCII: SQLite's {@code application_id}. */
  static final int APPLICATION_ID = 0x534B4559;

  /** The first version. Times are seconds since 2020, ids have 16 bytes. */
  private static final List<String> VERSION_1 =
      List.of(
          "create table about (one integer primary key check (one = 1),"
              + " role text not null check (role in ('administrator', 'user')),"
              + " administrator blob not null check (length(administrator) = 16),"
              + " element blob not null check (length(element) = 16)) strict",
          "create table users (id blob primary key check (length(id) = 16),"
              + " name text not null unique check (name <> ''),"
              + " state integer not null check (state between 1 and 2),"
              + " serial_number blob unique check (length(serial_number) = 16),"
              + " signing_key blob check (length(signing_key) = 65),"
              + " agreement_key blob check (length(agreement_key) = 65),"
              + " check ((serial_number is null) = (signing_key is null)"
              + " and (serial_number is null) = (agreement_key is null))) strict, without rowid",
          "create table policies (hash blob primary key check (length(hash) = 32),"
              + " encoding blob not null) strict, without rowid",
          "create table groups (id blob primary key check (length(id) = 16),"
              + " name text not null unique check (name <> ''),"
              + " state integer not null check (state between 1 and 2),"
              + " policy blob not null references policies (hash)) strict, without rowid",
          "create index groups_by_policy on groups (policy)",
          "create table memberships ("
              + "group_id blob not null references groups (id) deferrable initially deferred,"
              + " user_id blob not null references users (id) deferrable initially deferred,"
              + " since integer not null check (since between 0 and 4294967295),"
              + " history integer not null check (history between 1 and 2),"
              + " primary key (group_id, user_id)) strict, without rowid",
          "create index memberships_by_user on memberships (user_id)",
          // Attributes: docs/spec/key-store.md, 2.8, without the ids of key and group.
          "create table keys (id blob primary key check (length(id) = 16),"
              + " group_id blob not null references groups (id) deferrable initially deferred,"
              + " attributes blob not null check (length(attributes) = 28),"
              + " made integer not null check (made between 0 and 4294967295),"
              + " ended integer not null check (ended between 0 and 4294967295),"
              + " compromised integer not null check (compromised between 0 and 4294967295))"
              + " strict, without rowid",
          "create index keys_by_group on keys (group_id)",
          "create table audit_logs (one integer primary key check (one = 1),"
              + " log_id blob not null check (length(log_id) = 16),"
              + " serial_number blob not null check (length(serial_number) = 16)) strict",
          "create table audit_entries (sequence integer primary key check (sequence > 0),"
              + " entry blob not null, mac blob not null check (length(mac) = 32)) strict",
          "create table audit_checkpoints ("
              + "sequence integer primary key references audit_entries (sequence),"
              + " checkpoint blob not null check (length(checkpoint) = 77),"
              + " signature blob not null) strict",
          "pragma application_id = " + APPLICATION_ID);

  /** What an administrator has begun with the element, and must end. */
  private static final List<String> VERSION_2 =
      List.of(
          "create table intents (one integer primary key check (one = 1),"
              + " steps blob not null) strict");

  /** All versions, each as the step from the one before. */
  static final List<List<String>> VERSIONS = List.of(VERSION_1, VERSION_2);

  /** What this release writes. */
  static final Schema NEWEST = new Schema(VERSIONS);

  private final List<List<String>> versions;

  /** A schema of so many versions; the first one names the application. */
  Schema(List<List<String>> versions) {
    this.versions = versions;
  }

  /** Makes the tables, in one transaction, in a database that has none. */
  void create(Connection connection, String path, DatabaseOwner owner)
      throws IOException, SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      if (number(statement, "pragma application_id") != 0
          || number(statement, "pragma user_version") != 0
          || number(statement, "select count(*) from sqlite_schema") != 0) {
        throw new DatabaseNotEmptyException(path);
      }
      for (List<String> version : versions) {
        for (String change : version) {
          statement.execute(change);
        }
      }
      statement.execute("pragma user_version = " + versions.size());
      try (PreparedStatement about =
          connection.prepareStatement(
              "insert into about (one, role, administrator, element) values (1, ?, ?, ?)")) {
        about.setString(1, owner.role().text());
        about.setBytes(2, owner.administrator().toByteArray());
        about.setBytes(3, owner.element().toByteArray());
        about.executeUpdate();
      }
      connection.commit();
    } catch (IOException | SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  /** Whose system a database says that it is of; zeros if it is none of key management. */
  static Bytes administrator(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      if (number(statement, "pragma application_id") == APPLICATION_ID) {
        try (ResultSet about = statement.executeQuery("select administrator from about")) {
          if (about.next()) {
            return Bytes.copyOf(about.getBytes(1));
          }
        }
      }
      return Bytes.copyOf(new byte[UserElement.SERIAL_LENGTH]);
    } finally {
      connection.rollback(); // ends the transaction of the questions
    }
  }

  /** Brings a database of the owner's to the newest version; refuses any other, untouched. */
  void migrate(Connection connection, String path, DatabaseOwner owner)
      throws SeKeyException, SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      int application = number(statement, "pragma application_id");
      int version = number(statement, "pragma user_version");
      if (application != APPLICATION_ID || version == 0) {
        throw new ForeignDatabaseException(path, application);
      }
      if (version > versions.size()) {
        throw new NewerDatabaseException(path, version, versions.size());
      }
      requireOwner(statement, path, owner);
      for (; version < versions.size(); version++) {
        for (String change : versions.get(version)) {
          statement.execute(change);
        }
        statement.execute("pragma user_version = " + (version + 1));
        connection.commit();
      }
      connection.rollback(); // ends the transaction of the questions
    } catch (SeKeyException | SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  private static void requireOwner(Statement statement, String path, DatabaseOwner owner)
      throws SeKeyException, SQLException {
    try (ResultSet about =
        statement.executeQuery("select role, administrator, element from about")) {
      if (!about.next()) {
        throw new SQLException("the table about is empty");
      }
      String role = about.getString(1);
      Bytes administrator = Bytes.copyOf(about.getBytes(2));
      Bytes element = Bytes.copyOf(about.getBytes(3));
      if (!role.equals(owner.role().text())) {
        throw new DatabaseOwnerException(
            path, DatabaseOwnerException.Part.ROLE, owner.role().text(), role);
      }
      if (!administrator.equals(owner.administrator())) {
        throw new DatabaseOwnerException(
            path,
            DatabaseOwnerException.Part.ADMINISTRATOR,
            owner.administrator().toString(),
            administrator.toString());
      }
      if (owner.role() == Role.USER && !element.equals(owner.element())) {
        throw new DatabaseOwnerException(
            path,
            DatabaseOwnerException.Part.ELEMENT,
            owner.element().toString(),
            element.toString());
      }
    }
  }

  private static int number(Statement statement, String question) throws SQLException {
    try (ResultSet result = statement.executeQuery(question)) {
      return result.getInt(1);
    }
  }
}
