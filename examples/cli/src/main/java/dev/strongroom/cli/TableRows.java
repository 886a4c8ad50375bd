// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a table for people, under a line with the names. Numbers stand at the right. Of a blob,
 * the first bytes and the length are shown; what would leave the line is shown as an escape.
 *
 * <p>The columns are as wide as the first rows need, so an answer of any length is shown in bounded
 * memory; a longer value further down pushes the rest of its row to the right.
 *
 * <p>Thread safety: confined to one thread.
 */
final class TableRows implements Rows {

  private static final String GAP = "  ";
  private static final int BLOB_BYTES = 16;

  /** What is held back to measure it: so many rows, or so many characters. */
  private static final int MEASURED_ROWS = 1000;

  private static final int MEASURED_CHARACTERS = 1 << 20;

  private record Cell(String text, boolean number) {}

  private final PrintStream out;
  private final List<List<Cell>> held = new ArrayList<>();
  private long heldCharacters;
  private List<String> names = List.of();
  private int[] widths = {};
  private boolean[] right = {};
  private boolean measured;

  TableRows(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(List<String> columns) {
    names = columns.stream().map(TableRows::escaped).toList();
    widths = new int[names.size()];
    right = new boolean[names.size()];
    held.clear();
    heldCharacters = 0;
    measured = false;
  }

  @Override
  public void row(List<@Nullable Object> values) {
    List<Cell> row = values.stream().map(TableRows::cell).toList();
    if (measured) {
      print(row);
      return;
    }
    held.add(row);
    heldCharacters += row.stream().mapToLong(cell -> cell.text().length()).sum();
    if (held.size() >= MEASURED_ROWS || heldCharacters >= MEASURED_CHARACTERS) {
      release();
    }
  }

  @Override
  public void end() {
    if (!measured) {
      release();
    }
  }

  private void release() {
    measured = true;
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] = Text.columns(names.get(i));
      for (List<Cell> row : held) {
        widths[i] = Math.max(widths[i], Text.columns(row.get(i).text()));
      }
      right[i] = !held.isEmpty() && held.stream().allMatch(row -> row.get(column).number());
    }
    print(names.stream().map(name -> new Cell(name, false)).toList());
    print(Arrays.stream(widths).mapToObj(width -> new Cell("-".repeat(width), false)).toList());
    held.forEach(this::print);
    held.clear();
  }

  private void print(List<Cell> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String text = row.get(i).text();
      String space = " ".repeat(Math.max(0, widths[i] - Text.columns(text)));
      line.append(i == 0 ? "" : GAP).append(right[i] ? space + text : text + space);
    }
    out.println(line.toString().stripTrailing());
  }

  private static Cell cell(@Nullable Object value) {
    if (value == null) {
      return new Cell("NULL", false);
    }
    if (value instanceof byte[] bytes) {
      return new Cell(blob(bytes), false);
    }
    return new Cell(escaped(value.toString()), value instanceof Number);
  }

  private static String blob(byte[] bytes) {
    HexFormat hex = HexFormat.of();
    return bytes.length <= BLOB_BYTES
        ? "x'" + hex.formatHex(bytes) + "'"
        : "x'" + hex.formatHex(bytes, 0, BLOB_BYTES) + "...' (" + bytes.length + " bytes)";
  }

  private static String escaped(String text) {
    return Text.printable(text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t"));
  }
}
