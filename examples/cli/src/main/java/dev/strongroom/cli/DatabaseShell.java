// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs SQL. */
@Command(
    name = "shell",
    description = {
      "Runs SQL statements: typed at a prompt, from standard input, or from the command line. A"
          + " database that is not there is made.",
      "At a prompt errors are shown and it goes on; a script ends at the first."
    })
final class DatabaseShell implements Callable<Integer> {

  private final Settings settings;

  /** At most one way to print. */
  static final class Format {
    @Option(names = "--json", description = "Print each row as a JSON object on a line.")
    private boolean json;

    @Option(names = "--csv", description = "Print comma-separated values with a header.")
    private boolean csv;

    Rows rows(PrintStream out) {
      return json ? new JsonRows(out) : csv ? new CsvRows(out) : new TableRows(out);
    }
  }

  @ArgGroup private Format format = new Format();

  @Option(
      names = {"-c", "--command"},
      paramLabel = "SQL",
      description = "Run these statements instead of reading any.")
  private @Nullable String command;

  @Option(names = "--read-only", description = "Change nothing; the database must be there.")
  private boolean readOnly;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The database in the volume.")
  private String path = "";

  DatabaseShell(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException, SQLException {
    VolumePath file = VolumePath.parse(path);
    String given = command;
    Console console = settings.console();
    boolean asked = given == null && console.prompt() != null;
    try (OpenDatabase open =
            readOnly
                ? OpenDatabase.forReading(settings, volume, file)
                : OpenDatabase.orMade(settings, volume, file);
        Connection connection = open.database().getConnection()) {
      if (asked) {
        settings.note(
            "SQLite "
                + connection.getMetaData().getDatabaseProductVersion()
                + "; statements end with a semicolon, .help lists commands");
      }
      SqlShell shell =
          new SqlShell(
              settings,
              connection,
              format.rows(console.out()),
              asked
                  ? SqlShell.Talk.PROMPT
                  : given == null ? SqlShell.Talk.SCRIPT : SqlShell.Talk.COMMAND,
              new BufferedReader(
                  given == null
                      ? new InputStreamReader(console.in(), UTF_8.newDecoder())
                      : new StringReader(given)));
      return shell.run().code();
    }
  }
}
