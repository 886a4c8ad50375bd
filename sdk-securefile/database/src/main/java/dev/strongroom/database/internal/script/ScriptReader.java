// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.script;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Divides a script into statements as SQLite itself does: at semicolons that are neither quoted,
 * nor in a comment, nor within a trigger, which ends with {@code ;END;}. See <a
 * href="https://sqlite.org/c3ref/complete.html">sqlite3_complete</a>.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class ScriptReader {

  private static final int WORDS = 4;

  private final BufferedReader reader;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder word = new StringBuilder();
  private List<String> words = new ArrayList<>();
  private State state = State.START;
  private int next = -2; // -2: not read yet, -1: the end
  private long line = 1;
  private long begins = 1;
  private long number;

  /**
   * A statement of a script.
   *
   * @param text the statement, with its semicolon
   * @param words its first words in capitals, at most four
   * @param number which one, from 1
   * @param line where it begins, from 1
   */
  public record Statement(String text, List<String> words, long number, long line) {

    /** Copies the words. */
    public Statement {
      words = List.copyOf(words);
    }

    /** Whether it begins with a word. */
    boolean begins(String first) {
      return !words.isEmpty() && words.get(0).equals(first);
    }

    @Override
    public String toString() {
      return "statement " + number + " at line " + line;
    }
  }

  /** Where in a statement the reader is. */
  private enum State {
    START,
    NORMAL,
    EXPLAIN,
    CREATE,
    TRIGGER,
    SEMICOLON,
    END
  }

  /**
   * Reads a script.
   *
   * @param script the script
   */
  public ScriptReader(Reader script) {
    reader = new BufferedReader(script);
  }

  /**
   * Reads the next statement.
   *
   * @return it, or null when there is none; the last one may lack its semicolon
   * @throws IOException if the script cannot be read
   */
  public @Nullable Statement next() throws IOException {
    text.setLength(0);
    words = new ArrayList<>();
    state = State.START;
    for (int c = read(); c >= 0; c = read()) {
      if (isSpace(c) || c == '\uFEFF' && text.length() == 0) {
        keep(c);
      } else if (c == '-' && peek() == '-') {
        keep(c);
        through("\n");
      } else if (c == '/' && peek() == '*') {
        keep(c);
        keep(read());
        through("*/");
      } else if (c == ';') {
        keep(c);
        if (semicolon()) {
          return statement();
        }
      } else {
        token(c);
      }
    }
    return state == State.START ? null : statement();
  }

  private Statement statement() {
    String whole = text.toString();
    text.setLength(0);
    return new Statement(whole, words, ++number, begins);
  }

  /** Whether a semicolon ends the statement; one without anything before is none. */
  private boolean semicolon() {
    switch (state) {
      case START -> text.setLength(0);
      case TRIGGER, SEMICOLON -> state = State.SEMICOLON;
      default -> {
        return true;
      }
    }
    return false;
  }

  private void token(int first) throws IOException {
    if (state == State.START) {
      text.setLength(0);
      begins = line;
    }
    text.append((char) first);
    if (first == '\'' || first == '"' || first == '`') {
      through(String.valueOf((char) first));
      follow("");
    } else if (first == '[') {
      through("]");
      follow("");
    } else if (isWord(first)) {
      word.setLength(0);
      word.append((char) first);
      while (isWord(peek())) {
        int c = read();
        text.append((char) c);
        if (word.length() < 16) {
          word.append((char) c);
        }
      }
      String found = word.toString().toUpperCase(Locale.ROOT);
      if (words.size() < WORDS) {
        words.add(found);
      }
      follow(found);
    } else {
      follow("");
    }
  }

  /** SQLite's own machine; a token that is no keyword of it is the empty text. */
  private void follow(String token) {
    state =
        switch (state) {
          case START ->
              switch (token) {
                case "EXPLAIN" -> State.EXPLAIN;
                case "CREATE" -> State.CREATE;
                default -> State.NORMAL;
              };
          case NORMAL -> State.NORMAL;
          case EXPLAIN ->
              switch (token) {
                case "CREATE" -> State.CREATE;
                case "EXPLAIN", "TEMP", "TEMPORARY", "TRIGGER", "END" -> State.NORMAL;
                default -> State.EXPLAIN;
              };
          case CREATE ->
              switch (token) {
                case "TEMP", "TEMPORARY" -> State.CREATE;
                case "TRIGGER" -> State.TRIGGER;
                default -> State.NORMAL;
              };
          case TRIGGER, END -> State.TRIGGER;
          case SEMICOLON -> token.equals("END") ? State.END : State.TRIGGER;
        };
  }

  /** Keeps what is no token, if a statement has begun. */
  private void keep(int c) {
    if (state != State.START && c >= 0) {
      text.append((char) c);
    }
  }

  /** Reads up to and with an end, or to the end of the script. */
  private void through(String end) throws IOException {
    int matched = 0;
    while (matched < end.length()) {
      int c = read();
      if (c < 0) {
        return;
      }
      keepAll(c);
      matched = c == end.charAt(matched) ? matched + 1 : c == end.charAt(0) ? 1 : 0;
    }
  }

  private void keepAll(int c) {
    if (state != State.START || text.length() > 0) {
      text.append((char) c);
    }
  }

  private int peek() throws IOException {
    if (next == -2) {
      next = reader.read();
    }
    return next;
  }

  private int read() throws IOException {
    int c = peek();
    next = c < 0 ? -1 : -2;
    if (c == '\n') {
      line++;
    }
    return c;
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
  }

  private static boolean isWord(int c) {
    return c >= 0x80
        || c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '$';
  }
}
