// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A script of <a href="https://www.sqlite.org/sqllogictest/doc/trunk/about.wiki">sqllogictest</a>,
 * record by record; those that are for other databases are left out.
 */
final class SqlLogicScript {

  private static final String DATABASE = "sqlite";

  /** How a result is put in order before it is compared. */
  enum Order {
    NOSORT,
    ROWSORT,
    VALUESORT
  }

  /** One record. */
  sealed interface Entry {

    /** Where it begins, counted from 1. */
    int line();

    /** What is executed. */
    String sql();
  }

  /** A statement without a result; it fails or does not. */
  record Statement(int line, String sql, boolean fails) implements Entry {}

  /**
   * A question; {@code types} has a letter for each column (T, I or R), {@code wanted} the values,
   * one a line, or their number and digest.
   */
  record Query(int line, String sql, String types, Order order, List<String> wanted)
      implements Entry {}

  private final BufferedReader text;
  private int line;

  SqlLogicScript(BufferedReader text) {
    this.text = text;
  }

  /** The next record, or null at the end. */
  @Nullable Entry next() throws IOException {
    boolean ours = true;
    for (String read = line(); read != null; read = line()) {
      String[] words = read.split("\\s+", -1);
      switch (words[0]) {
        case "onlyif" -> ours &= words[1].equals(DATABASE);
        case "skipif" -> ours &= !words[1].equals(DATABASE);
        case "halt" -> {
          if (ours) {
            return null;
          }
          ours = true;
        }
        case "statement" -> {
          Entry statement = new Statement(line, body(), words[1].equals("error"));
          if (ours) {
            return statement;
          }
          ours = true;
        }
        case "query" -> {
          Entry query = query(words);
          if (ours) {
            return query;
          }
          ours = true;
        }
        default -> require(read.isBlank() || read.startsWith("#") || isThreshold(words), read);
      }
    }
    return null;
  }

  /** Results say by themselves whether they are values or a digest. */
  private static boolean isThreshold(String[] words) {
    return words[0].equals("hash-threshold");
  }

  private Query query(String[] words) throws IOException {
    int first = line;
    Order order =
        words.length < 3 || words[2].isEmpty()
            ? Order.NOSORT
            : Order.valueOf(words[2].toUpperCase(java.util.Locale.ROOT));
    StringBuilder sql = new StringBuilder();
    List<String> wanted = new ArrayList<>();
    boolean results = false;
    for (String read = line(); read != null && !read.isEmpty(); read = line()) {
      if (results) {
        wanted.add(read);
      } else if (read.equals("----")) {
        results = true;
      } else {
        sql.append(read).append('\n');
      }
    }
    return new Query(first, sql.toString(), words[1], order, wanted);
  }

  private String body() throws IOException {
    StringBuilder sql = new StringBuilder();
    for (String read = line(); read != null && !read.isEmpty(); read = line()) {
      sql.append(read).append('\n');
    }
    return sql.toString();
  }

  private @Nullable String line() throws IOException {
    line++;
    return text.readLine();
  }

  private void require(boolean condition, String read) throws IOException {
    if (!condition) {
      throw new IOException("line " + line + " of a script is not understood: " + read);
    }
  }
}
