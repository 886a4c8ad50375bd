// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.database.SqlScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the statements of a text, line by line as it comes. A statement ends at its semicolon; a
 * line that begins with a dot, outside of a statement, is a command of the shell itself.
 *
 * <p>At a prompt, an error is shown and the next statement is asked for; of a script it is the end.
 *
 * <p>Thread safety: confined to one thread.
 */
final class SqlShell {

  private static final String PROMPT = "sql> ";
  private static final String CONTINUED = "...> ";

  /** After so many rows it is looked whether anybody takes them. */
  private static final int ROWS_BETWEEN = 1000;

  private static final Set<String> CHANGING =
      Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "WITH");

  private static final List<String> HELP =
      List.of(
          "A statement ends with a semicolon and may have several lines. Ctrl-C ends the one that"
              + " runs.",
          ".tables          lists tables and views",
          ".schema [NAME]   shows how all, or one of them with its indexes and triggers, are made",
          ".help            shows this",
          ".quit            ends the shell, as the end of the input does (Ctrl-D)");

  /** How a shell is talked to. */
  enum Talk {
    /** A person at a prompt. */
    PROMPT,
    /** The lines of a script. */
    SCRIPT,
    /** A text in the command line. */
    COMMAND
  }

  private final Settings settings;
  private final PrintStream out;
  private final Connection connection;
  private final Rows rows;
  private final Talk talk;
  private final BufferedReader input;
  private final SqlScript script = new SqlScript(new Lines());
  private long changed;
  private ExitCode result = ExitCode.OK;
  private boolean ended;
  private boolean tried; // a statement

  SqlShell(Settings settings, Connection connection, Rows rows, Talk talk, BufferedReader input) {
    this.settings = settings;
    this.out = settings.console().out();
    this.connection = connection;
    this.rows = rows;
    this.talk = talk;
    this.input = input;
  }

  /** Runs to the end; errors of statements have been printed then. */
  ExitCode run() throws IOException {
    try (StatementInterrupt interrupt =
        talk == Talk.PROMPT ? StatementInterrupt.watch() : StatementInterrupt.none()) {
      for (var next = script.next(); next != null; next = ended ? null : script.next()) {
        attempt(next, interrupt);
      }
      if (talk == Talk.PROMPT) {
        settings.console().err().println();
      }
    }
    if (leftOpen()) {
      if (result == ExitCode.OK) {
        report(
            talk == Talk.PROMPT ? ExitCode.OK : ExitCode.PARTLY,
            "the input ended in a transaction, which was rolled back; COMMIT keeps it");
      } else {
        settings.note("the transaction that was open was rolled back");
      }
    }
    if (result == ExitCode.OK && talk != Talk.PROMPT && rows instanceof TableRows && changed > 0) {
      settings.say(Sizes.counted(changed, "row") + " changed");
    }
    return result;
  }

  /** The text of the script, a line at a time; commands of the shell are done on the way. */
  private final class Lines extends Reader {

    private String text = "";
    private int taken;
    private long line;

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      while (taken == text.length()) {
        String next = ended ? null : line();
        if (next == null) {
          return -1;
        }
        line++;
        boolean command = !script.isWithinStatement() && next.startsWith(".");
        if (command) {
          command(next.strip());
        }
        text = command ? "\n" : next + "\n";
        taken = 0;
      }
      int count = Math.min(length, text.length() - taken);
      text.getChars(taken, taken + count, buffer, offset);
      taken += count;
      return count;
    }

    private @Nullable String line() throws IOException {
      if (talk == Talk.PROMPT) {
        PrintStream err = settings.console().err();
        out.flush();
        err.print(script.isWithinStatement() ? CONTINUED : PROMPT);
        err.flush();
      }
      try {
        return input.readLine();
      } catch (CharacterCodingException e) {
        throw new CommandException(
            tried ? ExitCode.PARTLY : ExitCode.USAGE,
            "line "
                + (line + 1)
                + " or a later one is not UTF-8; nothing from that line on was done; convert the"
                + " script to UTF-8");
      }
    }

    private void command(String typed) throws IOException {
      SqlShell.this.command(line, typed);
    }

    @Override
    public void close() {}
  }

  private void attempt(SqlScript.Statement next, StatementInterrupt interrupt) throws IOException {
    tried = true;
    try (Statement statement = connection.createStatement()) {
      interrupt.running(statement);
      if (statement.execute(next.text())) {
        try (ResultSet answer = statement.getResultSet()) {
          print(answer);
        }
      } else {
        count(next, statement.getLargeUpdateCount());
      }
    } catch (SQLException e) {
      failed(next.line(), e);
    } finally {
      interrupt.over();
    }
  }

  private void count(SqlScript.Statement done, long count) {
    // Of others SQLite still says what the last one that changes has changed.
    if (count < 0 || CHANGING.stream().noneMatch(done::begins)) {
      return;
    }
    changed += count;
    if (talk == Talk.PROMPT) {
      settings.note(Sizes.counted(count, "row") + " changed");
    }
  }

  private void print(ResultSet answer) throws SQLException, IOException {
    ResultSetMetaData columns = answer.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(columns.getColumnLabel(i));
    }
    rows.begin(names);
    try {
      for (long count = 1; answer.next(); count++) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 1; i <= names.size(); i++) {
          values.add(answer.getObject(i));
        }
        rows.row(values);
        if (count % ROWS_BETWEEN == 0) {
          requireTaken();
        }
      }
    } finally {
      rows.end(); // also what came before an error
    }
    requireTaken();
  }

  /** Ends a long answer that nobody reads. */
  private void requireTaken() throws IOException {
    if (out.checkError()) {
      throw settings.console().outputRefused();
    }
  }

  private void command(long at, String typed) throws IOException {
    String[] words = typed.split("\\s+", 2);
    String name = words.length > 1 ? words[1] : null;
    try {
      switch (words[0]) {
        case ".quit", ".exit" -> ended = true;
        case ".help" -> HELP.forEach(settings.console().err()::println);
        case ".tables" ->
            texts(
                "select name from sqlite_schema where type in ('table', 'view')"
                    + " and name not like 'sqlite\\_%' escape '\\' order by name",
                null);
        case ".schema" ->
            texts(
                "select sql || ';' from sqlite_schema where sql is not null"
                    + (name == null ? "" : " and tbl_name = ? collate nocase")
                    + " order by rowid",
                name);
        default ->
            report(ExitCode.USAGE, Text.printable(words[0]) + " is no command; .help lists them");
      }
    } catch (SQLException e) {
      failed(at, e);
    }
  }

  /** Shows the texts that a query answers, each as it is. */
  private void texts(String query, @Nullable String parameter) throws SQLException, IOException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      if (parameter != null) {
        statement.setString(1, parameter);
      }
      try (ResultSet answer = statement.executeQuery()) {
        while (answer.next()) {
          answer.getString(1).lines().map(Text::printable).forEach(out::println);
        }
      }
    }
    requireTaken();
  }

  private void failed(long at, SQLException error) {
    if (settings.debug()) {
      error.printStackTrace(settings.console().err());
    }
    String place = talk == Talk.SCRIPT ? "line " + at + ": " : "";
    report(Failures.exitCode(error), place + Failures.message(error));
  }

  private void report(ExitCode code, String message) {
    settings.console().problem(message);
    if (talk != Talk.PROMPT) {
      result = code;
      ended = true;
    }
  }

  /** Whether a transaction is open; it is rolled back. */
  private boolean leftOpen() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("rollback");
      return true;
    } catch (SQLException e) {
      return false; // there is none
    }
  }
}
