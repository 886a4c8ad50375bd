// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.script;

import dev.strongroom.database.internal.jdbc.Query;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * Values and names as SQL text that SQLite reads as exactly the same value; see <a
 * href="https://sqlite.org/lang_expr.html#literal_values_constants_">Literal Values</a>.
 *
 * <p>Thread safety: immutable.
 */
final class SqlLiteral {

  private static final String HEX = "0123456789ABCDEF";

  /** Texts that are no UTF-8 keep their bytes, where these are how the database has them. */
  private final boolean utf8;

  private SqlLiteral(boolean utf8) {
    this.utf8 = utf8;
  }

  /** For the values of a database. */
  static SqlLiteral of(Connection connection) throws SQLException {
    return new SqlLiteral("UTF-8".equals(Query.first(connection, "pragma encoding")));
  }

  /** Writes a value of a result. */
  void value(ResultSet row, int column, Appendable target) throws IOException, SQLException {
    Object value = row.getObject(column);
    if (value == null) {
      target.append("NULL");
    } else if (value instanceof byte[] bytes) {
      blob(bytes, target);
      Arrays.fill(bytes, (byte) 0);
    } else if (value instanceof Double real) {
      target.append(real(real));
    } else if (value instanceof String text) {
      text(text, row, column, target);
    } else {
      target.append(value.toString());
    }
  }

  private void text(String text, ResultSet row, int column, Appendable target)
      throws IOException, SQLException {
    byte[] bytes = utf8 && text.indexOf('\uFFFD') >= 0 ? row.getBytes(column) : null;
    if (bytes == null || isUtf8(bytes)) {
      text(text, target);
    } else {
      target.append("CAST(");
      blob(bytes, target);
      target.append(" AS TEXT)");
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void blob(byte[] bytes, Appendable target) throws IOException {
    target.append("X'");
    for (byte each : bytes) {
      target.append(HEX.charAt((each >> 4) & 15)).append(HEX.charAt(each & 15));
    }
    target.append('\'');
  }

  /** A text; SQLite ends a statement at a NUL, so that is put in by a function. */
  static void text(String text, Appendable target) throws IOException {
    if (text.indexOf('\0') < 0) {
      quoted(text, '\'', target);
      return;
    }
    String mark = "(NUL)";
    for (int i = 0; text.contains(mark); i++) {
      mark = "(NUL" + i + ")";
    }
    target.append("replace(");
    quoted(text.replace("\0", mark), '\'', target);
    target.append(",'").append(mark).append("',char(0))");
  }

  /** A name of a table or column. */
  static String name(String name) throws IOException {
    StringBuilder quoted = new StringBuilder();
    quoted(name, '"', quoted);
    return quoted.toString();
  }

  private static void quoted(String text, char quote, Appendable target) throws IOException {
    target.append(quote);
    int from = 0;
    for (int at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, from)) {
      target.append(text, from, at + 1).append(quote);
      from = at + 1;
    }
    target.append(text, from, text.length()).append(quote);
  }

  /** The shortest number that is this one, always with a point or an exponent. */
  private static String real(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "9.0e+999" : "-9.0e+999";
    }
    return Double.toString(value);
  }
}
