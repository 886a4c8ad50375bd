// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.DatabaseUnreadableException;
import dev.strongroom.database.SecureDatabase;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.sekey.SeKeyException;
import dev.strongroom.sekey.audit.AuditOrigin;
import dev.strongroom.sekey.audit.SealedEntry;
import dev.strongroom.sekey.audit.SignedCheckpoint;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.DirectoryDraft;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The database of an administrator or of a user, in a secure file of a volume. All of it but the
 * audit log is also in memory, as an immutable {@link Directory} that each commit replaces; who
 * decides or selects reads that, without a lock and without SQL.
 *
 * <p>One transaction at a time. It counts as a whole, durably when it returns; one that fails
 * leaves what was there before, in memory as on the medium. No PIN and no value of a key is in it.
 *
 * <p>Thread safety: thread-safe; a change runs under the lock of the database.
 */
public final class SeKeyDatabase implements AutoCloseable {

  private final String path;
  private final SecureDatabase database;
  private final Connection connection;
  private final Statements statements;
  private final ReentrantLock alone = new ReentrantLock();

  private volatile Directory directory = Directory.EMPTY;

  /** Why memory and medium may differ; nothing works then. Guarded by {@code alone}. */
  private @Nullable IOException failed;

  private boolean closed; // guarded by alone

  private SeKeyDatabase(String path, SecureDatabase database) throws IOException {
    this.path = path;
    this.database = database;
    try {
      connection = database.getConnection();
    } catch (SQLException e) {
      throw failure(e);
    }
    statements = new Statements(connection);
  }

  /**
   * Makes a database.
   *
   * @param volume where
   * @param path the file, which is not there, or has no tables
   * @param owner whose it is
   * @return the open database
   * @throws dev.strongroom.database.DatabaseNotEmptyException if there is something
   * @throws IOException if it cannot be made
   */
  public static SeKeyDatabase create(SecureFileSystem volume, String path, DatabaseOwner owner)
      throws IOException {
    return open(volume, path, made -> Schema.NEWEST.create(made, path, owner));
  }

  /**
   * Opens a database, and brings it to the newest version.
   *
   * @param volume where
   * @param path the file
   * @param owner whose it should be
   * @return the open database
   * @throws NoSuchFileException if it is not there
   * @throws dev.strongroom.sekey.ForeignDatabaseException if it is none of key management
   * @throws dev.strongroom.sekey.NewerDatabaseException if a later release wrote it
   * @throws dev.strongroom.sekey.DatabaseOwnerException if it is somebody else's
   * @throws DatabaseUnreadableException if it is damaged
   * @throws IOException if it cannot be opened
   */
  public static SeKeyDatabase open(SecureFileSystem volume, String path, DatabaseOwner owner)
      throws IOException {
    return open(volume, path, owner, Schema.NEWEST);
  }

  /**
   * Opens the database of a user of whichever administrator, and brings it to the newest version.
   *
   * @param volume where
   * @param path the file
   * @param element serial number of the user's element
   * @return the open database
   * @throws IOException as {@link #open(SecureFileSystem, String, DatabaseOwner)} does
   */
  public static SeKeyDatabase openUser(SecureFileSystem volume, String path, Bytes element)
      throws IOException {
    if (!volume.exists(path)) {
      throw new NoSuchFileException(path);
    }
    return open(
        volume,
        path,
        found ->
            Schema.NEWEST.migrate(
                found, path, DatabaseOwner.user(Schema.administrator(found), element)));
  }

  static SeKeyDatabase open(
      SecureFileSystem volume, String path, DatabaseOwner owner, Schema schema) throws IOException {
    if (!volume.exists(path)) {
      throw new NoSuchFileException(path);
    }
    return open(volume, path, found -> schema.migrate(found, path, owner));
  }

  /** Something that is done before the first look. */
  @FunctionalInterface
  private interface Preparation {
    void prepare(Connection connection) throws IOException, SQLException;
  }

  private static SeKeyDatabase open(SecureFileSystem volume, String path, Preparation preparation)
      throws IOException {
    SecureDatabase opened = SecureDatabase.open(volume, path, DatabaseOptions.defaults());
    try {
      SeKeyDatabase database = new SeKeyDatabase(path, opened);
      database.prepare(preparation);
      return database;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void prepare(Preparation preparation) throws IOException {
    try {
      preparation.prepare(connection);
      directory = load();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private Directory load() throws IOException {
    DirectoryDraft draft = Directory.EMPTY.draft();
    try {
      new UserTable(statements).load(draft);
      new GroupTable(statements).load(draft);
      new MembershipTable(statements).load(draft);
      new KeyTable(statements).load(draft);
      connection.rollback(); // ends the transaction of the questions
    } catch (SQLException e) {
      throw failure(e);
    } catch (SeKeyException | RuntimeException e) {
      throw new DatabaseUnreadableException(path, String.valueOf(e.getMessage()), e);
    }
    return draft.publish();
  }

  /**
   * What is known, as the last commit left it.
   *
   * @return the directory
   */
  public Directory directory() {
    return directory;
  }

  /**
   * One transaction.
   *
   * @param <T> what it answers
   */
  @FunctionalInterface
  public interface Change<T> {

    /**
     * Changes things.
     *
     * @param changes what can be done
     * @return the answer
     * @throws IOException to undo all
     */
    T make(Changes changes) throws IOException;
  }

  /**
   * Runs a transaction. Readers see the directory before it, or the one after it.
   *
   * @param change what is done
   * @param <T> what it answers
   * @return its answer
   * @throws IOException what it throws, or if the database fails; nothing was changed then. If
   *     nobody can tell whether the commit counts, the database is read again
   */
  public <T> T change(Change<T> change) throws IOException {
    alone.lock();
    try {
      requireUsable();
      Changes changes = new Changes(statements, directory);
      T answer;
      try {
        answer = change.make(changes);
      } catch (Changes.FailedStatementException e) {
        IOException cause = failure(e.failure());
        undo(cause);
        throw cause;
      } catch (IOException | RuntimeException e) {
        undo(e);
        throw e;
      }
      try {
        connection.commit();
      } catch (SQLException e) {
        throw uncertain(failure(e));
      }
      directory = changes.publish();
      return answer;
    } finally {
      alone.unlock();
    }
  }

  private void requireUsable() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (failed != null) {
      throw new IOException(path + ": failed before; close it and open it again", failed);
    }
  }

  private void undo(Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
      failed = new IOException(e);
    }
  }

  /** A commit that fails may be on the medium all the same. */
  private IOException uncertain(IOException cause) {
    undo(cause);
    if (failed == null) {
      try {
        directory = load();
      } catch (IOException e) {
        cause.addSuppressed(e);
        failed = e;
      }
    }
    return cause;
  }

  /**
   * Which audit log there is.
   *
   * @return its name, or empty if none was begun
   * @throws IOException if the database fails
   */
  public Optional<AuditOrigin> auditOrigin() throws IOException {
    return read(AuditTable::origin);
  }

  /**
   * Entries of the audit log, ascending.
   *
   * @param after the sequence behind which to begin, 0 for the first one
   * @param most how many at most
   * @return fewer than {@code most} at the end
   * @throws IOException if the database fails
   */
  public List<SealedEntry> auditEntries(long after, int most) throws IOException {
    return read(audit -> audit.after(after, most));
  }

  /**
   * The newest checkpoint that was made of the log.
   *
   * @return the checkpoint, or empty
   * @throws IOException if the database fails
   */
  public Optional<SignedCheckpoint> lastCheckpoint() throws IOException {
    return read(AuditTable::lastCheckpoint);
  }

  /**
   * What was begun with the element, and not ended.
   *
   * @return what {@link Changes#begin} has noted, or empty
   * @throws IOException if the database fails
   */
  public Optional<Bytes> intent() throws IOException {
    return ask(new IntentTable(statements)::pending);
  }

  /** A question to the audit log. */
  @FunctionalInterface
  private interface Reading<T> {
    T read(AuditTable audit) throws SQLException;
  }

  /** Any question. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws SQLException;
  }

  private <T> T read(Reading<T> reading) throws IOException {
    return ask(() -> reading.read(new AuditTable(statements)));
  }

  private <T> T ask(Question<T> question) throws IOException {
    alone.lock();
    try {
      requireUsable();
      T answer = question.ask();
      connection.rollback(); // ends the transaction of the question
      return answer;
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      alone.unlock();
    }
  }

  /** What went wrong in the secure file, or the database as a whole. */
  private IOException failure(SQLException failed) {
    for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException underneath) {
        return underneath;
      }
    }
    return new DatabaseUnreadableException(
        path, Objects.requireNonNullElse(failed.getMessage(), "it fails"), failed);
  }

  @Override
  public void close() throws IOException {
    alone.lock();
    try {
      if (!closed) {
        closed = true;
        database.close();
      }
    } finally {
      alone.unlock();
    }
  }
}
