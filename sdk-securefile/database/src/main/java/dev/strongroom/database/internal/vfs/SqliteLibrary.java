// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static dev.strongroom.database.internal.ffi.Signature.Type.INT;
import static dev.strongroom.database.internal.ffi.Signature.Type.LONG;
import static dev.strongroom.database.internal.ffi.Signature.returningInt;
import static dev.strongroom.database.internal.ffi.Signature.returningLong;

import dev.strongroom.database.SqliteLibraryException;
import dev.strongroom.database.internal.ffi.ForeignAccess;
import dev.strongroom.database.internal.ffi.Signature;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The SQLite library that the JDBC driver has loaded, with our file system registered in it.
 *
 * <p>Offsets are those of {@code sqlite3ext.h} and {@code sqlite3.h} on machines of 64 bits, which
 * SQLite only ever appends to; see <a href="https://sqlite.org/loadext.html">Run-Time Loadable
 * Extensions</a>.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SqliteLibrary {

  private static final int API_SET_AUTHORIZER = 728;
  private static final int API_FILE_CONTROL = 1016;
  private static final int API_VFS_FIND = 1128;
  private static final int API_VFS_REGISTER = 1136;
  private static final int API_LIMIT = 1208;

  private static final int CONTROL_VFS_POINTER = 27;
  private static final int LIMIT_ATTACHED = 7;
  private static final int LIMIT_WORKER_THREADS = 11;

  private static final Signature LIMIT = returningInt(LONG, INT, INT);

  private static @Nullable SqliteLibrary loaded; // guarded by the class

  private final ForeignAccess memory;
  private final String vfsName = "strongroom-" + randomName();
  private final SecureVfs vfs;
  private final long api;
  private final long authorizer;
  private final long answer; // a cell of native memory; guarded by this

  private SqliteLibrary(ForeignAccess memory, Bootstrap.Found found) {
    this.memory = memory;
    api = found.api();
    vfs = new SecureVfs(memory, vfsName, found.defaultVfs());
    authorizer = Authorizer.create(memory);
    answer = memory.allocate(Long.BYTES);
  }

  /**
   * The library, with our file system in it; the first call puts it there.
   *
   * @throws SqliteLibraryException if the library is not as it must be
   */
  public static synchronized SqliteLibrary loaded() throws SqliteLibraryException {
    SqliteLibrary known = loaded;
    if (known == null) {
      try {
        known = load(ForeignAccess.fastest());
      } catch (LinkageError e) { // no library for this machine, or none that may be unpacked
        throw new SqliteLibraryException("native libraries can be loaded", e);
      }
      loaded = known;
    }
    return known;
  }

  /** Puts a file system of ours into the library. */
  static SqliteLibrary load(ForeignAccess memory) throws SqliteLibraryException {
    SqliteLibrary library = new SqliteLibrary(memory, new Bootstrap(memory).run());
    library.addVfs();
    return library;
  }

  private void addVfs() throws SqliteLibraryException {
    long code = call(API_VFS_REGISTER, returningInt(LONG, INT), vfs.address(), 0);
    require(code == ResultCode.OK, "vfs_register");
    long found = call(API_VFS_FIND, returningLong(LONG), vfs.nameAddress());
    require(found == vfs.address(), "vfs_find");
  }

  private static String randomName() {
    byte[] drawn = new byte[8];
    new SecureRandom().nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  /** Makes a database known; answers the URL by which the driver opens it. */
  public String register(VfsDatabase database) {
    return "jdbc:sqlite:file:" + vfs.register(database) + "?vfs=" + vfsName;
  }

  /** Makes a database unknown. */
  public void forget(String url) {
    vfs.forget(url.substring(url.lastIndexOf(':') + 1, url.lastIndexOf('?')));
  }

  /**
   * Makes sure that a new connection goes through our file system, and that no statement leads out
   * of it.
   *
   * @throws SqliteLibraryException if it goes elsewhere
   * @throws SQLException if the driver fails
   */
  public void confine(Connection connection) throws SQLException, SqliteLibraryException {
    long database;
    try (PreparedStatement statement = connection.prepareStatement("select 1")) {
      database = call(Bootstrap.API_DB_HANDLE, returningLong(LONG), Bootstrap.address(statement));
    }
    require(vfsOf(database) == vfs.address(), "file system of a connection");
    call(API_LIMIT, LIMIT, database, LIMIT_ATTACHED, 1); // VACUUM attaches its temporary database
    call(API_LIMIT, LIMIT, database, LIMIT_WORKER_THREADS, 0);
    long code = call(API_SET_AUTHORIZER, returningInt(LONG, LONG, LONG), database, authorizer, 0);
    require(code == ResultCode.OK, "set_authorizer");
  }

  private synchronized long vfsOf(long database) {
    memory.putLong(answer, 0);
    call(
        API_FILE_CONTROL,
        returningInt(LONG, LONG, INT, LONG),
        database,
        0,
        CONTROL_VFS_POINTER,
        answer);
    return memory.getLong(answer);
  }

  private long call(int function, Signature signature, long... arguments) {
    return memory.call(memory.getLong(api + function), signature, arguments);
  }

  private static void require(boolean condition, String check) throws SqliteLibraryException {
    if (!condition) {
      throw new SqliteLibraryException(check, null);
    }
  }
}
