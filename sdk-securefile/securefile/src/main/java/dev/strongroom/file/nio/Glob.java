// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import java.util.regex.PatternSyntaxException;

/**
 * Turns globs, as {@link java.nio.file.FileSystem#getPathMatcher} describes them, into regular
 * expressions.
 *
 * <p>Thread safety: confined to one call.
 */
final class Glob {

  private static final String REGEX_SIGNS = "\\.[]{}()<>*+-=!?^$|&~#@%";

  private final String glob;
  private final StringBuilder regex = new StringBuilder("^");
  private int at;
  private boolean inGroup;

  private Glob(String glob) {
    this.glob = glob;
  }

  static String toRegex(String glob) {
    return new Glob(glob).translate();
  }

  private String translate() {
    while (at < glob.length()) {
      char c = glob.charAt(at++);
      switch (c) {
        case '\\' -> escape();
        case '[' -> bracket();
        case '{' -> openGroup();
        case '}' -> closeGroup();
        case ',' -> regex.append(inGroup ? ")|(?:" : ",");
        case '*' -> star();
        case '?' -> regex.append("[^/]");
        default -> literal(c);
      }
    }
    if (inGroup) {
      throw new PatternSyntaxException("a } is missing", glob, at - 1);
    }
    return regex.append('$').toString();
  }

  private void literal(char c) {
    if (REGEX_SIGNS.indexOf(c) >= 0) {
      regex.append('\\');
    }
    regex.append(c);
  }

  private void escape() {
    if (at == glob.length()) {
      throw new PatternSyntaxException("nothing follows the backslash", glob, at - 1);
    }
    literal(glob.charAt(at++));
  }

  private void star() {
    if (at < glob.length() && glob.charAt(at) == '*') {
      at++;
      regex.append(".*");
    } else {
      regex.append("[^/]*");
    }
  }

  private void openGroup() {
    if (inGroup) {
      throw new PatternSyntaxException("groups cannot be nested", glob, at - 1);
    }
    inGroup = true;
    regex.append("(?:(?:");
  }

  private void closeGroup() {
    if (inGroup) {
      regex.append("))");
      inGroup = false;
    } else {
      literal('}');
    }
  }

  /** A bracket expression never matches a slash; the backslash, * and ? stand for themselves. */
  private void bracket() {
    regex.append("[[^/]&&[");
    if (at < glob.length() && (glob.charAt(at) == '!' || glob.charAt(at) == '^')) {
      regex.append(glob.charAt(at++) == '!' ? "^" : "\\^");
    }
    if (at < glob.length() && glob.charAt(at) == '-') {
      regex.append("\\-");
      at++;
    }
    char last = 0;
    boolean hasLast = false;
    while (at < glob.length()) {
      char c = glob.charAt(at++);
      if (c == ']') {
        regex.append("]]");
        return;
      }
      if (c == '/') {
        throw new PatternSyntaxException("a slash cannot be in brackets", glob, at - 1);
      }
      if (c == '-' && hasLast && at < glob.length() && glob.charAt(at) != ']') {
        char end = glob.charAt(at++);
        if (end < last) {
          throw new PatternSyntaxException("the range runs backwards", glob, at - 1);
        }
        regex.append('-');
        literal(end);
        hasLast = false;
      } else {
        literal(c);
        last = c;
        hasLast = true;
      }
    }
    throw new PatternSyntaxException("a ] is missing", glob, at - 1);
  }
}
