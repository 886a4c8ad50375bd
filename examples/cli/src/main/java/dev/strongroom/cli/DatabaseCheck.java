// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a database. */
@Command(
    name = "check",
    description =
        "Reads a whole database and lists what is wrong: damage, indexes that do not fit their"
            + " tables, broken rules of the schema, and references to rows that are not there.")
final class DatabaseCheck implements Callable<Integer> {

  private final Settings settings;

  @Option(
      names = "--quick",
      description = "Do not compare indexes with their tables, and leave references out.")
  private boolean quick;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The database in the volume.")
  private String path = "";

  DatabaseCheck(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException, SQLException {
    VolumePath file = VolumePath.parse(path);
    long problems;
    try (OpenDatabase open = OpenDatabase.forReading(settings, volume, file);
        Connection connection = open.database().getConnection();
        Statement statement = connection.createStatement()) {
      problems = integrity(statement);
      if (!quick) {
        problems += references(statement);
      }
    }
    settings.say(
        file
            + ": "
            + (problems == 0 ? "whole" : Sizes.counted(problems, "problem") + ", see above"));
    return (problems == 0 ? ExitCode.OK : ExitCode.INTEGRITY).code();
  }

  private long integrity(Statement statement) throws SQLException {
    String check = quick ? "pragma quick_check" : "pragma integrity_check";
    long problems = 0;
    try (ResultSet found = statement.executeQuery(check)) {
      while (found.next()) {
        String problem = found.getString(1);
        if (!problem.equals("ok")) {
          settings.console().out().println(Text.printable(problem));
          problems++;
        }
      }
    }
    return problems;
  }

  private long references(Statement statement) throws SQLException {
    long problems = 0;
    try (ResultSet found = statement.executeQuery("pragma foreign_key_check")) {
      while (found.next()) {
        settings
            .console()
            .out()
            .println(
                Text.printable(
                    "row "
                        + found.getString(2)
                        + " of "
                        + found.getString(1)
                        + " refers to a row of "
                        + found.getString(3)
                        + " that is not there"));
        problems++;
      }
    }
    return problems;
  }
}
