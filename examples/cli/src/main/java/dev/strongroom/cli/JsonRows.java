// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows as one JSON object a line. A blob is a text of hexadecimal digits; a name that was there
 * before gets a number, as SQLite itself does it: {@code id}, {@code id:1}.
 *
 * <p>Thread safety: confined to one thread.
 */
final class JsonRows implements Rows {

  private final PrintStream out;
  private final List<String> members = new ArrayList<>();

  JsonRows(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(List<String> names) {
    members.clear();
    for (String name : names) {
      String member = name;
      for (int i = 1; members.contains(member); i++) {
        member = name + ":" + i;
      }
      members.add(member);
    }
  }

  @Override
  public void row(List<@Nullable Object> values) {
    Map<String, @Nullable Object> object = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      object.put(
          members.get(i), value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
    }
    out.println(Json.line(object));
  }

  @Override
  public void end() {}
}
