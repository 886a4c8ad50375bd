// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * Records of sqllogictest executed on one connection, and what came out. Values are written as the
 * suite's own program for SQLite writes them ({@code slt_sqlite.c}).
 */
final class SqlLogicRun {

  private final Connection connection;
  private final MessageDigest digest;
  private long records;
  private long nanos;

  SqlLogicRun(Connection connection) throws NoSuchAlgorithmException {
    this.connection = connection;
    digest = MessageDigest.getInstance("MD5");
  }

  /** How many records were executed. */
  long records() {
    return records;
  }

  /** How long they took. */
  long nanos() {
    return nanos;
  }

  /** Executes a record; answers what is wrong, or nothing. */
  String execute(SqlLogicScript.Entry entry) {
    records++;
    long begun = System.nanoTime();
    try (Statement statement = connection.createStatement()) {
      if (entry instanceof SqlLogicScript.Query query) {
        List<String> found;
        try (ResultSet rows = statement.executeQuery(query.sql())) {
          found = values(rows, query);
        }
        return query.wanted().equals(inFormOf(query.wanted(), found))
            ? ""
            : "wanted " + query.wanted() + ", found " + found;
      }
      statement.executeUpdate(entry.sql());
      return fails(entry) ? "should fail" : "";
    } catch (SQLException e) {
      return fails(entry) ? "" : String.valueOf(e.getMessage());
    } finally {
      nanos += System.nanoTime() - begun;
    }
  }

  private static boolean fails(SqlLogicScript.Entry entry) {
    return entry instanceof SqlLogicScript.Statement statement && statement.fails();
  }

  private static List<String> values(ResultSet rows, SqlLogicScript.Query query)
      throws SQLException {
    int columns = query.types().length();
    if (rows.getMetaData().getColumnCount() != columns) {
      return List.of(rows.getMetaData().getColumnCount() + " columns");
    }
    List<String[]> found = new ArrayList<>();
    while (rows.next()) {
      String[] row = new String[columns];
      for (int i = 0; i < columns; i++) {
        row[i] = value(rows, i + 1, query.types().charAt(i));
      }
      found.add(row);
    }
    if (query.order() == SqlLogicScript.Order.ROWSORT) {
      found.sort(Arrays::compare);
    }
    List<String> values = new ArrayList<>(found.size() * columns);
    found.forEach(row -> Collections.addAll(values, row));
    if (query.order() == SqlLogicScript.Order.VALUESORT) {
      Collections.sort(values);
    }
    return values;
  }

  private static String value(ResultSet rows, int column, char type) throws SQLException {
    String text = rows.getString(column);
    if (text == null) {
      return "NULL";
    }
    return switch (type) {
      case 'I' -> Integer.toString(rows.getInt(column));
      case 'R' ->
          new BigDecimal(rows.getDouble(column))
              .setScale(3, RoundingMode.HALF_EVEN)
              .toPlainString();
      default -> text.isEmpty() ? "(empty)" : text.replaceAll("[^ -~]", "@");
    };
  }

  /** Values, or their number and digest, as the suite has it where there are many. */
  private List<String> inFormOf(List<String> wanted, List<String> found) {
    if (wanted.size() != 1 || !wanted.get(0).contains(" values hashing to ")) {
      return found;
    }
    digest.reset();
    for (String value : found) {
      digest.update((value + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    return List.of(
        found.size() + " values hashing to " + HexFormat.of().formatHex(digest.digest()));
  }
}
