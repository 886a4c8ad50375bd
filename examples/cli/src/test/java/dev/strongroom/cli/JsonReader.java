// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A strict reader of JSON (RFC 8259), so that output is parsed and not merely looked at. */
final class JsonReader {

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /** Objects as maps, arrays as lists, texts, longs, booleans; null as an empty optional. */
  static Object parse(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value();
    reader.space();
    if (reader.at != text.length()) {
      throw reader.problem("more behind the value");
    }
    return value;
  }

  private AssertionError problem(String what) {
    return new AssertionError(what + " at " + at + " of " + text);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char next() {
    space();
    if (at == text.length()) {
      throw problem("it ends too early");
    }
    return text.charAt(at);
  }

  private void expect(char c) {
    if (next() != c) {
      throw problem("no " + c);
    }
    at++;
  }

  private boolean take(String word) {
    if (text.startsWith(word, at)) {
      at += word.length();
      return true;
    }
    return false;
  }

  private Object value() {
    char c = next();
    if (c == '{') {
      return object();
    }
    if (c == '[') {
      return array();
    }
    if (c == '"') {
      return string();
    }
    if (take("true")) {
      return true;
    }
    if (take("false")) {
      return false;
    }
    if (take("null")) {
      return java.util.Optional.empty();
    }
    int start = at;
    while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (!text.substring(start, at).matches("-?(0|[1-9][0-9]*)")) {
      throw problem("no value");
    }
    return Long.valueOf(text.substring(start, at));
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    expect('{');
    while (next() != '}') {
      if (!members.isEmpty()) {
        expect(',');
      }
      next();
      String name = string();
      expect(':');
      if (members.put(name, value()) != null) {
        throw problem("twice the member " + name);
      }
    }
    at++;
    return members;
  }

  private List<Object> array() {
    List<Object> elements = new ArrayList<>();
    expect('[');
    while (next() != ']') {
      if (!elements.isEmpty()) {
        expect(',');
      }
      elements.add(value());
    }
    at++;
    return elements;
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw problem("a control character");
      }
      if (c == '\\') {
        char escaped = text.charAt(at++);
        if (escaped == 'u') {
          c = (char) Integer.parseInt(text.substring(at, at + 4), 16);
          at += 4;
        } else if ("\"\\/".indexOf(escaped) >= 0) {
          c = escaped;
        } else {
          throw problem("an unknown escape");
        }
      }
      string.append(c);
    }
    at++;
    return string.toString();
  }
}
