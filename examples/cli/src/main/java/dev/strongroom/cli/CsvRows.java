// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.PrintStream;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows as comma-separated values (RFC 4180) after a line with the names. NULL is an empty field, an
 * empty text one in quotes; a blob is in hexadecimal digits.
 *
 * <p>Thread safety: confined to one thread.
 */
final class CsvRows implements Rows {

  private static final String LINE_END = "\r\n";

  private final PrintStream out;

  CsvRows(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(List<String> names) {
    line(names);
  }

  @Override
  public void row(List<@Nullable Object> values) {
    line(values);
  }

  @Override
  public void end() {}

  private void line(List<? extends @Nullable Object> values) {
    out.print(values.stream().map(CsvRows::field).collect(Collectors.joining(",")) + LINE_END);
  }

  private static String field(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof byte[] bytes) {
      return bytes.length == 0 ? quoted("") : HexFormat.of().formatHex(bytes);
    }
    String text = value.toString();
    boolean plain =
        !text.isEmpty() && text.chars().noneMatch(c -> c <= ' ' || c == '"' || c == ',');
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
