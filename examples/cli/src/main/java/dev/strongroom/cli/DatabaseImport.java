// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.database.SecureDatabase;
import dev.strongroom.file.SecureFileSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Fills a database. */
@Command(
    name = "import",
    description =
        "Fills a new or empty database from a plain SQLite file or an SQL script of the host, all"
            + " or nothing. The plain file stays as it is.")
final class DatabaseImport implements Callable<Integer> {

  /** What a SQLite file begins with, see https://sqlite.org/fileformat.html, 1.3.1. */
  private static final byte[] HEADER = "SQLite format 3\0".getBytes(US_ASCII);

  private static final String STANDARD_INPUT = "-";

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The database in the volume.")
  private String path = "";

  @Parameters(
      index = "2",
      paramLabel = "FILE",
      description = "A SQLite file or an SQL script; - reads a script from standard input.")
  private Path source = Path.of("");

  DatabaseImport(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException, SQLException {
    VolumePath file = VolumePath.parse(path);
    boolean streamed = source.toString().equals(STANDARD_INPUT);
    boolean plain = !streamed && isDatabase(source); // before a PIN is asked for
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      SecureFileSystem files = open.files();
      boolean made = !files.exists(file.text());
      boolean done = false;
      try {
        fill(files, file, streamed, plain);
        done = true;
      } finally {
        if (made && !done) {
          discard(files, file);
        }
      }
      settings.say(
          file
              + ": filled from "
              + (streamed ? "standard input" : source)
              + ", "
              + Sizes.text(files.stat(file.text()).size()));
    }
    return ExitCode.OK.code();
  }

  private void fill(SecureFileSystem files, VolumePath file, boolean streamed, boolean plain)
      throws IOException, SQLException {
    try (SecureDatabase database = OpenDatabase.open(files, file)) {
      requireEmpty(database, file);
      if (plain) {
        database.importPlain(source);
      } else if (streamed) {
        run(database, settings.console().in());
      } else {
        try (InputStream in = Files.newInputStream(source)) {
          run(database, in);
        }
      }
    }
  }

  private void run(SecureDatabase database, InputStream in) throws IOException, SQLException {
    Reader script = new BufferedReader(new InputStreamReader(in, UTF_8.newDecoder()));
    try {
      database.importSql(script);
    } catch (CharacterCodingException e) {
      throw CommandException.usage(source + ": is not UTF-8 text; nothing was imported");
    }
  }

  private void requireEmpty(SecureDatabase database, VolumePath file)
      throws IOException, SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet any = statement.executeQuery("select 1 from sqlite_schema limit 1")) {
      if (any.next()) {
        throw new CommandException(
            ExitCode.NAME,
            file
                + ": is not empty; name a new database, or run a script in this one by \"strongroom"
                + " db shell\"");
      }
    }
  }

  private static boolean isDatabase(Path source) throws IOException {
    try (InputStream in = Files.newInputStream(source)) {
      return Arrays.equals(in.readNBytes(HEADER.length), HEADER);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new LocatedException(source.toString(), e);
    }
  }

  private static void discard(SecureFileSystem files, VolumePath file) {
    try {
      files.delete(file.text());
    } catch (IOException e) {
      // The first error is the one to report; what is left is an empty database.
    }
  }
}
