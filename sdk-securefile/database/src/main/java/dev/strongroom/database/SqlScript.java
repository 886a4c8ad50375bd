// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes an SQL script apart into its statements, as it is read. A statement ends at a semicolon
 * that is neither in a literal, a quoted name or a comment nor in the body of a trigger, by the
 * rule of <a href="https://sqlite.org/c3ref/complete.html">sqlite3_complete</a>.
 *
 * <p>Nothing is read beyond the piece of text in which a statement ends, so a reader may ask a
 * person for one line after the other; {@link #isWithinStatement} tells it how far they are.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class SqlScript {

  private static final int PIECE = 8192;

  /** The words that a trigger is recognised by. */
  private static final Map<String, Token> KEYWORDS =
      Map.of(
          "EXPLAIN", Token.EXPLAIN,
          "CREATE", Token.CREATE,
          "TEMP", Token.TEMP,
          "TEMPORARY", Token.TEMP,
          "TRIGGER", Token.TRIGGER,
          "END", Token.END);

  private static final int LONGEST_WORD = 20;

  private static final int WORDS = 4;

  private static final char BYTE_ORDER_MARK = '\ufeff';

  private enum Token {
    SEMICOLON,
    EXPLAIN,
    CREATE,
    TEMP,
    TRIGGER,
    END,
    OTHER
  }

  /** The states of sqlite3_complete between tokens. */
  private enum State {
    START,
    NORMAL,
    EXPLAIN,
    CREATE,
    TRIGGER,
    SEMICOLON,
    END;

    State after(Token token) {
      return switch (this) {
        case START ->
            switch (token) {
              case SEMICOLON -> START;
              case EXPLAIN -> EXPLAIN;
              case CREATE -> CREATE;
              default -> NORMAL;
            };
        case NORMAL -> token == Token.SEMICOLON ? START : NORMAL;
        case EXPLAIN ->
            switch (token) {
              case SEMICOLON -> START;
              case OTHER -> EXPLAIN; // QUERY PLAN
              case CREATE -> CREATE;
              default -> NORMAL;
            };
        case CREATE ->
            switch (token) {
              case SEMICOLON -> START;
              case TEMP -> CREATE;
              case TRIGGER -> TRIGGER;
              default -> NORMAL;
            };
        case TRIGGER -> token == Token.SEMICOLON ? SEMICOLON : TRIGGER;
        case SEMICOLON ->
            switch (token) {
              case SEMICOLON -> SEMICOLON;
              case END -> END;
              default -> TRIGGER;
            };
        case END -> token == Token.SEMICOLON ? START : TRIGGER;
      };
    }
  }

  /** What the characters are part of. */
  private enum Part {
    NOTHING,
    WORD,
    QUOTED,
    DASH,
    SLASH,
    LINE_COMMENT,
    BLOCK_COMMENT,
    BLOCK_COMMENT_STAR
  }

  /**
   * A statement of a script.
   *
   * <p>Thread safety: immutable.
   *
   * @param text from its first token to its semicolon; the last one may lack that, or be cut
   * @param words its first words in capitals, at most four, without what is quoted
   * @param number its place in the script, from 1
   * @param line the line on which it begins, from 1
   */
  public record Statement(String text, List<String> words, long number, long line) {

    /**
     * Copies the words.
     *
     * @param text as above
     * @param words as above
     * @param number as above
     * @param line as above
     */
    public Statement {
      words = List.copyOf(words);
    }

    /**
     * Whether a word is its first one.
     *
     * @param word in capitals
     * @return whether it is
     */
    public boolean begins(String word) {
      return !words.isEmpty() && words.get(0).equals(word);
    }

    /** Its place; the text may be a secret. */
    @Override
    public String toString() {
      return "statement " + number + " at line " + line;
    }
  }

  private final Reader in;
  private final char[] piece = new char[PIECE];
  private int at;
  private int length;

  private State state = State.START;
  private Part part = Part.NOTHING;
  private char closing;
  private final StringBuilder word = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final List<String> words = new ArrayList<>();
  private boolean hasToken;
  private int partStart;
  private long line = 1;
  private long partLine;
  private long statementLine;
  private long number;

  /**
   * Begins a script.
   *
   * @param in its text, which stays the caller's to close
   */
  public SqlScript(Reader in) {
    this.in = in;
  }

  /**
   * Reads up to the end of the next statement; what is empty is passed over.
   *
   * @return the statement, or null after the last one
   * @throws IOException if the text cannot be read
   */
  public @Nullable Statement next() throws IOException {
    while (true) {
      if (at == length) {
        length = in.read(piece);
        at = 0;
        if (length < 0) {
          length = 0;
          return last();
        }
        continue;
      }
      if (accept(piece[at++])) {
        Statement ended = take();
        if (ended != null) {
          return ended;
        }
      }
    }
  }

  /**
   * Whether what has been read ends in a statement, or in a comment, that is not complete.
   *
   * @return false where the next statement can begin
   */
  public boolean isWithinStatement() {
    return hasToken || part != Part.NOTHING;
  }

  private @Nullable Statement last() {
    if (part == Part.WORD || part == Part.DASH || part == Part.SLASH) {
      endOfWord();
    }
    part = Part.NOTHING;
    return take();
  }

  /** What has been collected, without what stands before its first token. */
  private @Nullable Statement take() {
    String taken = text.toString().trim();
    text.setLength(0);
    boolean empty = !hasToken || taken.equals(";");
    hasToken = false;
    state = State.START;
    Statement statement = empty ? null : new Statement(taken, words, ++number, statementLine);
    words.clear();
    return statement;
  }

  /** Takes a character; answers whether it ends a statement. */
  private boolean accept(char c) {
    boolean ends =
        switch (part) {
          case LINE_COMMENT -> within(c == '\n' ? Part.NOTHING : Part.LINE_COMMENT);
          case BLOCK_COMMENT -> within(c == '*' ? Part.BLOCK_COMMENT_STAR : Part.BLOCK_COMMENT);
          case BLOCK_COMMENT_STAR ->
              within(
                  c == '/'
                      ? Part.NOTHING
                      : c == '*' ? Part.BLOCK_COMMENT_STAR : Part.BLOCK_COMMENT);
          case QUOTED -> within(c == closing ? Part.NOTHING : Part.QUOTED);
          case DASH -> c == '-' ? within(Part.LINE_COMMENT) : afterWord(c);
          case SLASH -> c == '*' ? within(Part.BLOCK_COMMENT) : afterWord(c);
          case WORD -> isOfWord(c) ? addToWord(c) : afterWord(c);
          case NOTHING -> begin(c);
        };
    text.append(c);
    if (c == '\n') {
      line++;
    }
    return ends;
  }

  private boolean within(Part next) {
    part = next;
    return false;
  }

  private boolean addToWord(char c) {
    if (word.length() <= LONGEST_WORD) {
      word.append(c);
    }
    return false;
  }

  private boolean afterWord(char c) {
    endOfWord();
    return begin(c);
  }

  private void endOfWord() {
    if (part == Part.WORD) {
      String found = word.toString().toUpperCase(Locale.ROOT);
      token(KEYWORDS.getOrDefault(found, Token.OTHER));
      if (words.size() < WORDS) {
        words.add(found);
      }
    } else {
      token(Token.OTHER);
    }
    part = Part.NOTHING;
  }

  private boolean begin(char c) {
    partStart = text.length();
    partLine = line;
    if (c == ';') {
      token(Token.SEMICOLON);
      return state == State.START;
    }
    if (c == '-' || c == '/') {
      return within(c == '-' ? Part.DASH : Part.SLASH);
    }
    if (c == BYTE_ORDER_MARK) { // to SQLite a space, at the beginning of a token
      return within(Part.NOTHING);
    }
    if (isOfWord(c)) {
      word.setLength(0);
      part = Part.WORD;
      return addToWord(c);
    }
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
      closing = c == '[' ? ']' : c;
      token(Token.OTHER);
      return within(Part.QUOTED);
    }
    if (c != ' ' && c != '\t' && c != '\n' && c != '\f' && c != '\r') {
      token(Token.OTHER);
    }
    return within(Part.NOTHING);
  }

  private void token(Token token) {
    if (!hasToken) {
      hasToken = true;
      statementLine = partLine;
      text.delete(0, partStart);
    }
    state = state.after(token);
  }

  private static boolean isOfWord(char c) {
    return c == '_'
        || c == '$'
        || c >= 0x80
        || (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z');
  }
}
