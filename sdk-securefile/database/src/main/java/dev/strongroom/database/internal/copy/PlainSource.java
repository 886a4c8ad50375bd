// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.copy;

import dev.strongroom.database.PlainDatabaseException;
import dev.strongroom.database.internal.jdbc.Query;
import dev.strongroom.database.internal.vfs.LastFailure;
import dev.strongroom.database.internal.vfs.ScratchDatabase;
import dev.strongroom.database.internal.vfs.ScratchFiles;
import dev.strongroom.database.internal.vfs.SqliteLibrary;
import dev.strongroom.database.internal.vfs.VfsDatabase;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;

/**
 * A plain database on the host, which is only read, and only by SQLite: if Java opened and closed
 * it, locks that this process has on it would be gone.
 *
 * <p>A database with a journal is read under SQLite's own lock. One with a write-ahead log would
 * have files made beside it by that; so it is read as if nobody could change it, which is looked at
 * before and after.
 *
 * <p>{@code VACUUM INTO} copies: it keeps rowids and the settings in the file, and makes pages of
 * the wanted size and a database without a write-ahead log.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class PlainSource {

  private static final int STEPS = 50_000;

  private static final String LEFT_BEHIND =
      " beside it; end the programs that use it, or open it once by a program that may write it";

  private final Path plain;
  private final SqliteLibrary library;
  private final Duration patience;
  private final BooleanSupplier ended;

  /** What shows that a file was changed. */
  private record State(long size, FileTime modified) {}

  /**
   * A source.
   *
   * @param plain the file
   * @param library the driver's library
   * @param patience how long is waited for a program that writes it
   * @param ended is asked meanwhile, and ends the copy
   */
  public PlainSource(Path plain, SqliteLibrary library, Duration patience, BooleanSupplier ended) {
    this.plain = plain;
    this.library = library;
    this.patience = patience;
    this.ended = ended;
  }

  /**
   * Copies it.
   *
   * @param target an empty database
   * @throws NoSuchFileException if there is no such file
   * @throws AccessDeniedException if it may not be read
   * @throws PlainDatabaseException if it cannot be read as it is
   * @throws IOException if the target cannot be written
   * @throws SQLException if SQLite fails elsewhere
   */
  public void copyTo(VfsDatabase target) throws IOException, SQLException {
    if (!Files.isRegularFile(plain)) {
      throw new NoSuchFileException(plain.toString());
    }
    State before = state();
    if (!Files.isReadable(plain)) {
      throw new AccessDeniedException(plain.toString());
    }
    Path log = log();
    refuse(log);
    if (hasWriteAheadLog()) {
      copy("?mode=ro&immutable=1", target);
      refuse(log);
      if (!state().equals(before)) {
        throw new PlainDatabaseException(plain, "it was changed meanwhile; try again", null);
      }
    } else {
      copy("?mode=ro", target);
    }
  }

  private State state() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(plain, BasicFileAttributes.class);
    return new State(attributes.size(), attributes.lastModifiedTime());
  }

  /** SQLite follows links first, and has the log beside what they lead to. */
  private Path log() throws IOException {
    Path file = plain.toRealPath();
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  private void refuse(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > 0) {
      throw new PlainDatabaseException(plain, "there is a write-ahead log" + LEFT_BEHIND, null);
    }
  }

  /** Without locks SQLite opens no database that has one, and makes no files for it. */
  private boolean hasWriteAheadLog() throws IOException {
    try (Connection connection = open("?mode=ro&nolock=1")) {
      Query.first(connection, "select count(*) from sqlite_master");
      return false;
    } catch (SQLException e) {
      if (primary(e) == Code.CANNOT_OPEN) {
        return true;
      }
      throw unreadable(e);
    }
  }

  /** Primary result codes of SQLite. */
  private static final class Code {
    static final int BUSY = 5;
    static final int READ_ONLY = 8;
    static final int INTERRUPTED = 9;
    static final int CORRUPT = 11;
    static final int CANNOT_OPEN = 14;
    static final int NO_DATABASE = 26;

    private Code() {}
  }

  private static int primary(SQLException e) {
    return e.getErrorCode() & 0xff;
  }

  private Connection open(String parameters) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout((int) patience.toMillis());
    Connection connection =
        config.createConnection(
            "jdbc:sqlite:file:" + plain.toAbsolutePath().toUri().getRawPath() + parameters);
    try {
      endable(connection);
      Query.run(connection, "pragma trusted_schema = off");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void endable(Connection connection) throws SQLException {
    ProgressHandler.setHandler(
        connection,
        STEPS,
        new ProgressHandler() {
          @Override
          protected int progress() {
            return ended.getAsBoolean() ? 1 : 0;
          }
        });
  }

  private void copy(String parameters, VfsDatabase target) throws IOException, SQLException {
    try (Connection source = open(parameters)) {
      look(source);
      boolean immutable = parameters.contains("immutable"); // then its page size stays
      if (immutable && !"4096".equals(Query.first(source, "pragma page_size"))) {
        try (ScratchDatabase between = new ScratchDatabase(ScratchFiles.usual())) {
          copy(source, between);
          String url = library.register(between);
          try (Connection again = new SQLiteConfig().createConnection(url)) {
            endable(again);
            copy(again, target);
          } finally {
            library.forget(url);
          }
        }
      } else {
        copy(source, target);
      }
    }
  }

  private void look(Connection source) throws IOException {
    try {
      Query.first(source, "select count(*) from sqlite_master");
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private void copy(Connection source, VfsDatabase target) throws IOException, SQLException {
    String url = library.register(target);
    LastFailure.clear();
    try {
      Query.run(source, "pragma page_size = 4096");
      Query.run(source, "vacuum into '" + url.substring("jdbc:sqlite:".length()) + "'");
    } catch (SQLException e) {
      Throwable underneath = LastFailure.take(); // of the target: the source has none of ours
      if (underneath instanceof IOException failure) {
        throw failure;
      }
      throw unreadable(e);
    } finally {
      library.forget(url);
    }
  }

  private IOException unreadable(SQLException e) throws PlainDatabaseException {
    String problem =
        switch (primary(e)) {
          case Code.NO_DATABASE -> "it is no SQLite database, or an encrypted one";
          case Code.CORRUPT -> "it is damaged; SQLite's shell may .recover what is left of it";
          case Code.BUSY -> "another program is writing it; end that, or wait";
          case Code.READ_ONLY, Code.CANNOT_OPEN -> "there is a journal" + LEFT_BEHIND;
          case Code.INTERRUPTED -> "the import was ended";
          default -> String.valueOf(e.getMessage());
        };
    return new PlainDatabaseException(plain, problem, e);
  }
}
