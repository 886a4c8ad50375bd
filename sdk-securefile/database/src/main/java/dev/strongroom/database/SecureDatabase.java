// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.database.internal.copy.Backup;
import dev.strongroom.database.internal.copy.PlainSource;
import dev.strongroom.database.internal.jdbc.Connections;
import dev.strongroom.database.internal.jdbc.Connections.Access;
import dev.strongroom.database.internal.jdbc.DriverCall;
import dev.strongroom.database.internal.jdbc.GuardedConnection;
import dev.strongroom.database.internal.jdbc.Query;
import dev.strongroom.database.internal.script.SqlDump;
import dev.strongroom.database.internal.script.SqlImport;
import dev.strongroom.database.internal.vfs.DatabaseFile;
import dev.strongroom.database.internal.vfs.DatabaseReplacement;
import dev.strongroom.database.internal.vfs.DatabaseSnapshot;
import dev.strongroom.database.internal.vfs.LastFailure;
import dev.strongroom.database.internal.vfs.OpenDatabases;
import dev.strongroom.database.internal.vfs.ScratchFiles;
import dev.strongroom.database.internal.vfs.SqliteLibrary;
import dev.strongroom.database.internal.vfs.VfsDatabase;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.channels.ClosedChannelException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * An open SQLite database that is a secure file: a source of JDBC connections.
 *
 * <pre>{@code
 * try (SecureDatabase database =
 *         SecureDatabase.open(session, directory, "app.db", DatabaseOptions.defaults());
 *     Connection connection = database.getConnection();
 *     Statement statement = connection.createStatement()) {
 *   statement.execute("create table note (id integer primary key, text not null)");
 * }
 * }</pre>
 *
 * <p>A transaction that was committed is durable when the commit returns, and after a crash the
 * database is what some commit has left, not older than the last one that returned. What SQLite
 * writes beside the database stays in memory or is encrypted under a key that dies with the
 * process. Statements and methods that would lead to plain files are refused with {@link
 * SQLFeatureNotSupportedException}.
 *
 * <p>A file is open in one {@code SecureDatabase} at a time. Connections work beside each other as
 * SQLite's do with a rollback journal: many readers, one writer, and readers wait while a
 * transaction writes pages that its cache does not hold, and during a commit.
 *
 * <p>Thread safety: thread-safe; a connection is for one thread at a time, but for {@link
 * Statement#cancel()}.
 */
public final class SecureDatabase implements DataSource, AutoCloseable {

  private static final int SQLITE_ERROR = 1;
  private static final int SQLITE_BUSY = 5;

  private final String path;
  private final Bytes uid;
  private final DatabaseOptions options;
  private final SqliteLibrary library;
  private final DatabaseFile file;
  private final String url;
  private final Connections opener;

  /** Held by what the close must not come into. */
  private final ReentrantLock alone = new ReentrantLock();

  /** The driver's connections that are open. */
  private final Set<SQLiteConnection> connections = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  private SecureDatabase(
      String path, Bytes uid, DatabaseOptions options, SqliteLibrary library, DatabaseFile file) {
    this.path = path;
    this.uid = uid;
    this.options = options;
    this.library = library;
    this.file = file;
    url = library.register(file);
    opener = new Connections(library, options);
  }

  /**
   * Opens a database in a directory that serves as a small volume, as {@link SecureFile#open} does;
   * it is made when it is not there, unless it is opened for reading only.
   *
   * @param session a session of the element that holds the keys
   * @param directory the directory on the host
   * @param name the file's name; a path leads through directories of the volume
   * @param options how
   * @return the open database
   * @throws SqliteLibraryException if the JDBC driver's library does not fit
   * @throws DatabaseInUseException if it is open in this process
   * @throws DatabaseUnreadableException if the file is no database, asks for a write-ahead log, or
   *     does not pass the check that the options ask for
   * @throws IOException as {@link SecureFile#open}, so also if another process has it open
   */
  public static SecureDatabase open(
      ElementSession session, Path directory, String name, DatabaseOptions options)
      throws IOException {
    SqliteLibrary library = SqliteLibrary.loaded();
    return open(
        library, SecureFile.open(session, directory, name, openOptions(options)), name, options);
  }

  /**
   * Opens a database in a volume.
   *
   * @param volume the open volume
   * @param path the file
   * @param options how
   * @return the open database
   * @throws IOException as {@link #open(ElementSession, Path, String, DatabaseOptions)}
   */
  public static SecureDatabase open(SecureFileSystem volume, String path, DatabaseOptions options)
      throws IOException {
    SqliteLibrary library = SqliteLibrary.loaded();
    return open(library, volume.openFile(path, openOptions(options)), path, options);
  }

  private static OpenOption[] openOptions(DatabaseOptions options) {
    return options.readOnly()
        ? new OpenOption[] {StandardOpenOption.READ}
        : new OpenOption[] {
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.CREATE,
          SecureOpenOption.TRANSACTION
        };
  }

  private static SecureDatabase open(
      SqliteLibrary library, SecureFile file, String path, DatabaseOptions options)
      throws IOException {
    Bytes uid;
    try {
      uid = file.attributes().uid();
      if (!OpenDatabases.take(uid)) {
        throw new DatabaseInUseException(path);
      }
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    DatabaseFile shared = new DatabaseFile(file, ScratchFiles.usual());
    SecureDatabase database = new SecureDatabase(path, uid, options, library, shared);
    try {
      database.look();
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
    return database;
  }

  /** Reads the beginning, or all of it. */
  private void look() throws IOException {
    if (file.hasWriteAheadLog()) {
      throw new DatabaseUnreadableException(
          path,
          "it is one with a write-ahead log; take it out, and import it as a plain database, or set"
              + " PRAGMA journal_mode = delete there before it is put into a secure file",
          null);
    }
    String question = options.quickCheck() ? "pragma quick_check(1)" : "pragma schema_version";
    try (Connection connection = getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(question)) {
      if (options.quickCheck() && result.next() && !result.getString(1).equals("ok")) {
        throw new DatabaseUnreadableException(path, result.getString(1), null);
      }
    } catch (SQLException e) {
      IOException underneath = underneath(e);
      throw underneath == null
          ? new DatabaseUnreadableException(path, String.valueOf(e.getMessage()), e)
          : underneath;
    }
  }

  private static @Nullable IOException underneath(SQLException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException found) {
        return found;
      }
    }
    return null;
  }

  /**
   * Opens a connection. Its settings are SQLite's for applications that are careful: foreign keys
   * are enforced, the schema is not trusted, what is deleted is overwritten.
   *
   * @return a connection, in auto-commit mode
   * @throws SQLException if the database is closed or cannot be read
   */
  @Override
  public Connection getConnection() throws SQLException {
    requireOpen();
    Access access = options.readOnly() ? Access.READ : Access.WRITE;
    SQLiteConnection opened = open(url, access, () -> closed);
    return GuardedConnection.guard(opened, () -> connections.remove(opened));
  }

  /** Opens a connection that the close closes. */
  private SQLiteConnection open(String where, Access access, BooleanSupplier ended)
      throws SQLException {
    SQLiteConnection opened = opener.open(where, access, ended);
    connections.add(opened);
    if (closed) { // meanwhile
      connections.remove(opened);
      opened.close();
      requireOpen();
    }
    return opened;
  }

  /**
   * Refused: who may use a database is decided by the element.
   *
   * @throws SQLFeatureNotSupportedException always
   */
  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException(
        "a secure database has no users; log in at the element");
  }

  private void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLNonTransientConnectionException(path + ": the database is closed");
    }
  }

  /**
   * Copies the database as it is now into a secure file, while connections go on reading and
   * writing: what is overwritten meanwhile is kept for the copy, in memory up to 8 MiB, then
   * encrypted in Java's directory for temporary files. The copy is made beside its place, under a
   * hidden name, and read and checked ({@code PRAGMA quick_check}) before it takes the name in one
   * commit, durably; what had the name before is replaced as a whole. What a crash leaves of a copy
   * goes with the next backup to the same place.
   *
   * @param volume the volume for the copy, of any element
   * @param path where the copy shall be; a link there is replaced, not followed
   * @throws DatabaseInUseException if that file is open as a database, this one or another, or
   *     another backup is on its way there
   * @throws DatabaseBusyException if a transaction that is larger than its cache did not end within
   *     the busy timeout
   * @throws DatabaseUnreadableException if the copy does not pass the check, because the database
   *     is damaged
   * @throws java.io.InterruptedIOException if the thread is interrupted, which stays marked
   * @throws java.nio.channels.ClosedChannelException if the database is closed, before or meanwhile
   * @throws IOException if a store or an element fails; what was there is there
   */
  public void backup(SecureFileSystem volume, String path) throws IOException {
    try (DatabaseSnapshot snapshot = snapshot()) {
      new Backup(volume, path)
          .write(
              snapshot,
              this::requireGoing,
              copy -> {
                try (DatabaseFile database = new DatabaseFile(copy, ScratchFiles.usual())) {
                  check(database, path);
                }
              });
    } catch (SQLException e) {
      throw failure(e);
    } catch (IOException e) {
      throw ended(e);
    }
  }

  /**
   * Copies the database into a directory that serves as a small volume, which is made when it is
   * not there.
   *
   * @param session a session of the element that shall hold the keys of the copy
   * @param directory the directory on the host
   * @param name the file's name; a path leads through directories of the volume
   * @throws IOException as {@link #backup(SecureFileSystem, String)}
   */
  public void backup(ElementSession session, Path directory, String name) throws IOException {
    backup(SecureFileSystem.ofDirectory(session, directory), name);
  }

  /**
   * Writes schema and rows as an SQL script, in clear: whoever calls this takes the content out of
   * the secure database. The script is that of {@code .dump} in SQLite's own shell, which reads it,
   * as {@link #importSql} does; rowids, {@code user_version} and {@code application_id} are in it,
   * too. It shows the database as it is now, while connections go on. One value at a time is in
   * memory.
   *
   * @param target gets the script
   * @throws DatabaseBusyException as {@link #backup(SecureFileSystem, String)}
   * @throws java.io.InterruptedIOException if the thread is interrupted, which stays marked
   * @throws IOException if the target, the store or the element fails, or the database is closed
   * @throws SQLException if the database is damaged
   */
  public void exportSql(Appendable target) throws IOException, SQLException {
    try (DatabaseSnapshot snapshot = snapshot()) {
      with(snapshot, Access.READ, connection -> new SqlDump(connection).write(target));
    } catch (SQLException e) {
      throw thrown(e);
    } catch (IOException e) {
      throw ended(e);
    }
  }

  /**
   * Runs an SQL script in one transaction: all of it counts, or nothing. {@code BEGIN} and {@code
   * COMMIT} in the script, as in one of {@link #exportSql} or {@code .dump}, mean nothing more.
   * Foreign keys are looked at when the script has ended. Everything else that statements must not
   * do is refused as on connections. One statement at a time is in memory.
   *
   * @param script the script, which stays open; the shell's own commands, such as {@code .read},
   *     are no SQL
   * @throws ScriptException if a statement fails, does not end, or is {@code ROLLBACK}
   * @throws ForeignKeysException if rows would refer to rows that are not there
   * @throws DatabaseBusyException if other connections do not let it begin or commit within the
   *     busy timeout
   * @throws java.nio.file.ReadOnlyFileSystemException if the database is open for reading only
   * @throws java.io.InterruptedIOException if the thread is interrupted, which stays marked
   * @throws IOException if the script cannot be read, the store or the element fails, or the
   *     database is closed
   * @throws SQLException if SQLite fails outside of a statement of the script
   */
  public void importSql(Reader script) throws IOException, SQLException {
    requireWritable();
    try {
      with(
          url,
          Access.WRITE,
          connection -> {
            try (Connection guarded = GuardedConnection.guard(connection, () -> {})) {
              new SqlImport(guarded, path).run(new SqlScript(script));
            }
          });
    } catch (SQLException e) {
      throw thrown(e);
    } catch (IOException e) {
      throw ended(e);
    }
  }

  /**
   * Fills this database, which must have no tables, with a plain one of SQLite, in one transaction:
   * schema, rows with their rowids, {@code user_version} and the other settings in the file; pages
   * have 4096 bytes afterwards, and there is no write-ahead log. The result is checked ({@code
   * PRAGMA quick_check} and {@code foreign_key_check}) before it counts. The plain file is only
   * read, and stays; nobody may write it meanwhile.
   *
   * @param plain the plain database on the host
   * @throws java.nio.file.NoSuchFileException if it is not there
   * @throws java.nio.file.AccessDeniedException if it may not be read
   * @throws PlainDatabaseException if it is no database, is damaged or in use, a program has left a
   *     journal or a write-ahead log beside it, or foreign keys name what cannot be a parent
   * @throws DatabaseNotEmptyException if this database has tables, or anything else in its schema
   * @throws ForeignKeysException if rows of it refer to rows that are not there
   * @throws DatabaseBusyException if other connections do not let it begin within the busy timeout
   * @throws java.nio.file.ReadOnlyFileSystemException if the database is open for reading only
   * @throws java.io.InterruptedIOException if the thread is interrupted, which stays marked
   * @throws IOException if the store or the element fails, or the database is closed
   */
  public void importPlain(Path plain) throws IOException {
    exclusively(
        connection -> {
          if (!"0".equals(Query.first(connection, "select count(*) from sqlite_master"))) {
            throw new DatabaseNotEmptyException(path);
          }
          try (DatabaseReplacement content = file.replace()) {
            new PlainSource(plain, library, options.busyTimeout(), this::isEnded).copyTo(content);
            check(content, plain.toString());
            with(content, Access.READ, copy -> requireForeignKeys(copy, plain));
            requireGoing();
            content.commit();
          }
        });
  }

  private void requireForeignKeys(Connection copy, Path plain) throws IOException, SQLException {
    try {
      SqlImport.requireForeignKeys(copy, path);
    } catch (SQLException e) {
      if (e.getErrorCode() != SQLITE_ERROR) {
        throw e;
      }
      throw new PlainDatabaseException(plain, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Gives the file new keys: every page is encrypted again, as {@link SecureFile#rekey()} does.
   * Connections stay open; what they do waits meanwhile, up to the busy timeout. After a crash the
   * file has its old keys or its new ones.
   *
   * @throws DatabaseBusyException if transactions of other connections do not end within the busy
   *     timeout
   * @throws java.nio.file.FileSystemException if the file is open elsewhere, too, or has no name
   *     any more
   * @throws java.nio.file.ReadOnlyFileSystemException if the database is open for reading only
   * @throws IOException if the store or the element fails, or the database is closed
   */
  public void rekey() throws IOException {
    exclusively(
        connection -> {
          if (file.hasSnapshots()) {
            throw new DatabaseBusyException(path, Duration.ZERO);
          }
          file.rekey();
        });
  }

  /** Something that is done with a connection of this object's own. */
  @FunctionalInterface
  private interface Use {
    void with(SQLiteConnection connection) throws IOException, SQLException;
  }

  private void with(VfsDatabase database, Access access, Use use) throws IOException, SQLException {
    String name = library.register(database);
    try {
      with(name, access, use);
    } finally {
      library.forget(name);
    }
  }

  private void with(String where, Access access, Use use) throws IOException, SQLException {
    requireGoing();
    SQLiteConnection connection = open(where, access, this::isEnded);
    LastFailure.clear();
    try {
      use.with(connection);
    } catch (SQLException e) {
      throw DriverCall.explained(e);
    } finally {
      connections.remove(connection);
      connection.close();
    }
  }

  /** Does something while nobody else reads or writes, and rolls back what the connection did. */
  private void exclusively(Use use) throws IOException {
    requireWritable();
    alone.lock();
    try {
      with(
          url,
          Access.WRITE,
          connection -> {
            Query.run(connection, "begin exclusive");
            try {
              use.with(connection);
            } finally {
              Query.run(connection, "rollback");
            }
          });
    } catch (SQLException e) {
      throw failure(e);
    } catch (IOException e) {
      throw ended(e);
    } finally {
      alone.unlock();
    }
  }

  /** The database as it is now; waits while somebody has unpublished pages in the file. */
  private DatabaseSnapshot snapshot() throws IOException, SQLException {
    AtomicReference<@Nullable DatabaseSnapshot> taken = new AtomicReference<>();
    try {
      with(
          url,
          Access.READ,
          connection -> {
            Query.run(connection, "begin");
            Query.first(connection, "pragma schema_version"); // takes SHARED
            taken.set(file.snapshot());
          });
    } catch (IOException | SQLException | RuntimeException e) {
      DatabaseSnapshot unused = taken.get();
      if (unused != null) { // or every change would go on keeping pages for it
        unused.close();
      }
      throw e;
    }
    return Objects.requireNonNull(taken.get());
  }

  /** Reads a whole database and throws if it is damaged. */
  private void check(VfsDatabase database, String name) throws IOException {
    try {
      with(
          database,
          Access.READ,
          connection -> {
            String answer = Query.first(connection, "pragma quick_check(1)");
            if (!"ok".equals(answer)) {
              throw new DatabaseUnreadableException(name, String.valueOf(answer), null);
            }
          });
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private boolean isEnded() {
    return closed || Thread.currentThread().isInterrupted();
  }

  private void requireGoing() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException(path + ": the thread was interrupted");
    }
  }

  private void requireWritable() throws IOException {
    requireGoing();
    if (options.readOnly()) {
      throw new ReadOnlyFileSystemException();
    }
  }

  /** What is to be thrown for a failure, which may be the consequence of an end. */
  private IOException ended(IOException failure) {
    try {
      requireGoing();
    } catch (IOException end) {
      if (end.getClass() != failure.getClass()) {
        end.addSuppressed(failure);
      }
      return end;
    }
    return failure;
  }

  /** The same where SQLite's own failures are thrown as they are. */
  private SQLException thrown(SQLException failure) throws IOException {
    IOException known = known(failure);
    if (known != null) {
      throw known;
    }
    return failure;
  }

  private IOException failure(SQLException failure) {
    IOException known = known(failure);
    return known == null
        ? new DatabaseUnreadableException(path, String.valueOf(failure.getMessage()), failure)
        : known;
  }

  private @Nullable IOException known(SQLException failure) {
    IOException underneath = underneath(failure);
    if (underneath != null) {
      return ended(underneath);
    }
    IOException none = new IOException(failure);
    IOException end = ended(none);
    if (end != none) {
      return end;
    }
    boolean busy = (failure.getErrorCode() & 0xff) == SQLITE_BUSY;
    return busy ? new DatabaseBusyException(path, options.busyTimeout()) : null;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  /** Does nothing: there is no log. */
  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  /**
   * Refused: an open does not wait for anybody.
   *
   * @throws SQLFeatureNotSupportedException always
   */
  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("a secure database has no login timeout");
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  /**
   * Refused: {@code java.util.logging} is not used.
   *
   * @throws SQLFeatureNotSupportedException always
   */
  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("a secure database does not log");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLFeatureNotSupportedException("a secure database is no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  /**
   * Closes all connections, whose open transactions are rolled back, and the file. Statements that
   * run are ended. Idempotent.
   *
   * @throws IOException if the file cannot be closed
   */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    IOException problem = null;
    alone.lock();
    try {
      for (SQLiteConnection connection : new ArrayList<>(connections)) {
        try {
          connection.close();
        } catch (SQLException e) {
          IOException next =
              new IOException(path + ": a connection cannot be closed", DriverCall.explained(e));
          if (problem == null) {
            problem = next;
          } else {
            problem.addSuppressed(next);
          }
        }
      }
    } finally {
      alone.unlock();
      library.forget(url);
      try {
        file.close();
      } finally {
        OpenDatabases.giveBack(uid);
      }
    }
    if (problem != null) {
      throw problem;
    }
  }
}
