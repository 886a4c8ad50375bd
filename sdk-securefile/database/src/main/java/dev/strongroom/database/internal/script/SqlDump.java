// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.script;

import dev.strongroom.database.SqlScript;
import dev.strongroom.database.internal.jdbc.Query;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a database as a script, as {@code .dump} of SQLite's shell does: tables with their rows,
 * in the order of their making, then views, triggers and indexes. Virtual tables go by the schema's
 * own table, and their content by that of the tables behind them. See <a
 * href="https://sqlite.org/cli.html#converting_an_entire_database_to_a_text_file">Command Line
 * Shell</a>.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class SqlDump {

  private static final Pattern COUNTED =
      Pattern.compile("\\bautoincrement\\b", Pattern.CASE_INSENSITIVE);
  private static final List<String> ROWIDS = List.of("rowid", "_rowid_", "oid");

  private final Connection connection;

  /** A table of the schema. */
  private record Table(String name, String sql) {

    boolean isVirtual() {
      return sql.toUpperCase(Locale.ROOT).startsWith("CREATE VIRTUAL TABLE");
    }
  }

  /**
   * A dump.
   *
   * @param connection a connection that sees one state of the database
   */
  public SqlDump(Connection connection) {
    this.connection = connection;
  }

  /**
   * Writes the script.
   *
   * @param target gets it
   * @throws IOException if the target fails
   * @throws SQLException if the database cannot be read
   */
  public void write(Appendable target) throws IOException, SQLException {
    target.append("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n");
    for (String setting : List.of("user_version", "application_id")) {
      String value = Query.first(connection, "pragma " + setting);
      if (value != null && !value.equals("0")) {
        target.append("PRAGMA ").append(setting).append('=').append(value).append(";\n");
      }
    }
    List<Table> tables = tables();
    boolean counted = tables.stream().anyMatch(each -> COUNTED.matcher(each.sql).find());
    boolean virtual = false;
    for (Table table : tables) {
      if (table.isVirtual()) {
        if (!virtual) {
          target.append("PRAGMA writable_schema=ON;\n");
          virtual = true;
        }
        writeVirtual(table, target);
      } else if (!table.name.equals("sqlite_sequence") || counted) {
        write(table, target);
      }
    }
    writeRest(target);
    if (virtual) {
      target.append("PRAGMA writable_schema=OFF;\n");
    }
    target.append("COMMIT;\n");
  }

  private List<Table> tables() throws SQLException {
    List<Table> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select name, sql from sqlite_master where type = 'table'"
                    + " order by tbl_name = 'sqlite_sequence', rowid")) {
      while (rows.next()) {
        tables.add(new Table(rows.getString(1), String.valueOf(rows.getString(2))));
      }
    }
    return tables;
  }

  private static void writeVirtual(Table table, Appendable target) throws IOException {
    target.append("INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table',");
    SqlLiteral.text(table.name, target);
    target.append(',');
    SqlLiteral.text(table.name, target);
    target.append(",0,");
    SqlLiteral.text(table.sql, target);
    target.append(");\n");
  }

  private void write(Table table, Appendable target) throws IOException, SQLException {
    boolean own = table.name.toLowerCase(Locale.ROOT).startsWith("sqlite_");
    if (table.name.equals("sqlite_sequence")) {
      target.append("DELETE FROM sqlite_sequence;\n");
    } else if (table.name.equals("sqlite_stat1")) {
      target.append("ANALYZE sqlite_schema;\n");
    } else if (own) {
      return;
    } else {
      target.append(ended(table.sql)).append(";\n");
    }
    writeRows(table, own ? null : rowid(table), target);
  }

  private void writeRows(Table table, @Nullable String rowid, Appendable target)
      throws IOException, SQLException {
    List<String> columns = new ArrayList<>();
    if (rowid != null) {
      columns.add(rowid);
    }
    for (String each : columns("pragma_table_info", table)) {
      columns.add(SqlLiteral.name(each));
    }
    String list = String.join(",", columns);
    String insert = "INSERT INTO " + SqlLiteral.name(table.name);
    insert += rowid == null ? " VALUES(" : "(" + list + ") VALUES(";
    String select = "select " + list + " from " + SqlLiteral.name(table.name) + " not indexed";
    SqlLiteral literal = SqlLiteral.of(connection);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(select)) {
      while (rows.next()) {
        target.append(insert);
        for (int i = 1; i <= columns.size(); i++) {
          target.append(i == 1 ? "" : ",");
          literal.value(rows, i, target);
        }
        target.append(");\n");
      }
    }
  }

  private List<String> columns(String pragma, Table table) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement("select name from " + pragma + "(?)")) {
      statement.setString(1, table.name);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }

  /** The name for numbers of rows that no column shows; null if there are none, or no name. */
  private @Nullable String rowid(Table table) throws SQLException {
    if (isTrue("select wr from pragma_table_list(?) where schema = 'main'", table)
        || isTrue(
            "select count(*) = 1 and max(upper(type)) = 'INTEGER'"
                + " and not exists (select 1 from pragma_index_list(?1) where origin = 'pk')"
                + " from pragma_table_info(?1) where pk > 0",
            table)) {
      return null;
    }
    List<String> taken =
        columns("pragma_table_xinfo", table).stream()
            .map(each -> each.toLowerCase(Locale.ROOT))
            .toList();
    return ROWIDS.stream().filter(each -> !taken.contains(each)).findFirst().orElse(null);
  }

  private boolean isTrue(String question, Table table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(question)) {
      statement.setString(1, table.name);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  private void writeRest(Appendable target) throws IOException, SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select sql from sqlite_master where sql not null"
                    + " and type in ('index', 'trigger', 'view')"
                    + " order by type collate nocase desc, rowid")) {
      while (rows.next()) {
        target.append(ended(rows.getString(1))).append(";\n");
      }
    }
  }

  /** A statement of the schema such that a semicolon behind it is one, and in no comment. */
  private static String ended(String sql) throws IOException {
    for (String end : List.of("", "\n", "*/")) {
      SqlScript reader = new SqlScript(new StringReader(sql + end + ";"));
      SqlScript.Statement first = reader.next();
      if (first != null && first.text().equals(sql.stripLeading() + end + ";")) {
        return sql + end;
      }
    }
    return sql;
  }
}
