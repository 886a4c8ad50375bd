// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static dev.strongroom.database.internal.ffi.Signature.Type.INT;
import static dev.strongroom.database.internal.ffi.Signature.Type.LONG;
import static dev.strongroom.database.internal.ffi.Signature.returningInt;
import static dev.strongroom.database.internal.ffi.Signature.returningLong;
import static dev.strongroom.database.internal.ffi.Signature.returningNothing;

import dev.strongroom.database.SqliteLibraryException;
import dev.strongroom.database.internal.ffi.ForeignAccess;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.CoreStatement;

/**
 * The way to the functions of the SQLite library that the JDBC driver has loaded.
 *
 * <p>The library exports nothing of SQLite, so it is asked for its table of functions as every
 * loadable extension is: {@code load_extension} on a private connection, whose file system was
 * exchanged for a copy that "loads" a Java function as the extension. Two facts that no interface
 * promises are used for that: a statement begins with the address of its connection, and a
 * connection with that of its file system. Both are checked as far as they can be, and everything
 * that does not fit ends the attempt: there is no way back to plain files.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Bootstrap {

  static final int API_DB_HANDLE = 392;
  private static final int API_VERSION_NUMBER = 536;

  private static final int VFS_VERSION = 0;
  private static final int VFS_FILE_BYTES = 4;
  private static final int VFS_MAX_PATH = 8;
  private static final int VFS_NAME = 24;
  private static final int VFS_DL_OPEN = 72;
  private static final int VFS_DL_ERROR = 80;
  private static final int VFS_DL_SYM = 88;
  private static final int VFS_DL_CLOSE = 96;

  /** The functions that a file system of version 1 and 2 does not have yet. */
  private static final int[] BYTES_OF_VERSION = {0, 136, 144, SecureVfs.STRUCT_BYTES};

  /** SQLITE_OK_LOAD_PERMANENTLY: the library keeps no handle of the "extension". */
  private static final int LOADED_PERMANENTLY = 256;

  private static final long HANDLE = 1;

  private final ForeignAccess memory;
  private long api;

  /**
   * What was found.
   *
   * @param api address of the {@code sqlite3_api_routines}
   * @param defaultVfs a copy of the default file system's structure, filled up with zeros
   */
  @SuppressWarnings("ArrayRecordComponent") // on its way from one constructor to another
  record Found(long api, byte[] defaultVfs) {}

  Bootstrap(ForeignAccess memory) {
    this.memory = memory;
  }

  Found run() throws SqliteLibraryException {
    require(memory.addressBytes() == Long.BYTES, "addresses of 64 bits");
    SQLiteConfig config = new SQLiteConfig();
    config.enableLoadExtension(true);
    try (Connection connection = config.createConnection("jdbc:sqlite::memory:");
        PreparedStatement load = connection.prepareStatement("select load_extension('x', 'y')")) {
      return run((SQLiteConnection) connection, load);
    } catch (SQLException e) {
      throw new SqliteLibraryException("load_extension", e);
    }
  }

  private Found run(SQLiteConnection connection, PreparedStatement load)
      throws SQLException, SqliteLibraryException {
    long statement = address(load);
    long database = pointer(statement, "connection of a statement");
    long vfs = pointer(database, "file system of a connection");
    byte[] copied = copy(vfs);
    long copy = memory.allocate(SecureVfs.STRUCT_BYTES);
    memory.write(copy, copied, 0, copied.length);
    long initializer = memory.function(returningInt(LONG, LONG, LONG), this::initialize);
    putFunctions(copy, initializer);
    memory.putLong(database, copy);
    try (ResultSet result = load.executeQuery()) {
      require(result.next(), "load_extension");
    } finally {
      memory.putLong(database, vfs);
    }
    require(api != 0, "sqlite3_api_routines");
    require(
        memory.call(memory.getLong(api + API_DB_HANDLE), returningLong(LONG), statement)
            == database,
        "db_handle");
    long version = memory.call(memory.getLong(api + API_VERSION_NUMBER), returningInt());
    require(version == number(connection.libversion()), "libversion_number");
    return new Found(api, copied);
  }

  private long initialize(long[] arguments) {
    api = arguments[2];
    return LOADED_PERMANENTLY;
  }

  private void putFunctions(long copy, long initializer) {
    memory.putLong(
        copy + VFS_DL_OPEN, memory.function(returningLong(LONG, LONG), arguments -> HANDLE));
    memory.putLong(
        copy + VFS_DL_ERROR, memory.function(returningNothing(LONG, INT, LONG), arguments -> 0));
    memory.putLong(
        copy + VFS_DL_SYM,
        memory.function(returningLong(LONG, LONG, LONG), arguments -> initializer));
    memory.putLong(
        copy + VFS_DL_CLOSE, memory.function(returningNothing(LONG, LONG), arguments -> 0));
  }

  /** Copies the structure of the default file system, after it has shown that it is one. */
  private byte[] copy(long vfs) throws SqliteLibraryException {
    int version = memory.getInt(vfs + VFS_VERSION);
    require(version >= 1 && version < BYTES_OF_VERSION.length, "version of the file system");
    int fileBytes = memory.getInt(vfs + VFS_FILE_BYTES);
    require(fileBytes >= Long.BYTES && fileBytes <= 4096, "szOsFile");
    int maxPath = memory.getInt(vfs + VFS_MAX_PATH);
    require(maxPath >= 64 && maxPath <= 1 << 17, "mxPathname");
    String name = memory.text(pointer(vfs + VFS_NAME, "name of the file system"));
    require(name.startsWith("unix") || name.startsWith("win32"), "name of the file system");
    byte[] copied = new byte[SecureVfs.STRUCT_BYTES];
    memory.read(vfs, copied, 0, BYTES_OF_VERSION[version]);
    return copied;
  }

  /** Reads an address, which must look like one. */
  private long pointer(long at, String what) throws SqliteLibraryException {
    long value = memory.getLong(at);
    require(value > 1 << 16 && value % (what.startsWith("name") ? 1 : 8) == 0, what);
    return value;
  }

  /** 3054001 for 3.54.1. */
  private static long number(String version) throws SqliteLibraryException {
    String[] parts = version.split("\\.", -1);
    try {
      return Long.parseLong(parts[0]) * 1_000_000
          + Long.parseLong(parts[1]) * 1000
          + Long.parseLong(parts[2]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new SqliteLibraryException("libversion " + version, e);
    }
  }

  /** The address of a prepared statement. */
  static long address(PreparedStatement statement) throws SQLException {
    return ((CoreStatement) statement).pointer.safeRunLong((database, address) -> address);
  }

  private static void require(boolean condition, String check) throws SqliteLibraryException {
    if (!condition) {
      throw new SqliteLibraryException(check, null);
    }
  }
}
