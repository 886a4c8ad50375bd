// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259) in ASCII: objects as maps, arrays as iterables, texts, numbers, booleans
 * and null. There is no infinity in JSON; it is written as a number that is too large to be read as
 * another.
 *
 * <p>Thread safety: stateless.
 */
final class Json {

  private Json() {}

  static String text(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  /** The same without line breaks, for one of many. */
  static String line(@Nullable Object value) {
    return text(value).replace("\n", ""); // in texts they are escaped
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> members = new TreeMap<>();
      map.forEach((name, member) -> members.put(String.valueOf(name), member));
      String before = "{";
      for (Map.Entry<String, @Nullable Object> member : members.entrySet()) {
        out.append(before);
        quote(member.getKey(), out);
        out.append(':');
        write(member.getValue(), out);
        before = ",";
      }
      out.append(members.isEmpty() ? "{}" : "}");
    } else if (value instanceof Iterable<?> elements) {
      out.append('[');
      boolean first = true;
      for (Object element : elements) {
        out.append(first ? "\n" : ",\n");
        write(element, out);
        first = false;
      }
      out.append(']');
    } else if (value == null
        || value instanceof Long
        || value instanceof Integer
        || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Double number && !number.isNaN()) {
      out.append(number.isInfinite() ? (number > 0 ? "9e999" : "-9e999") : number);
    } else if (value instanceof String text) {
      quote(text, out);
    } else {
      throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
