// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static dev.strongroom.database.internal.ffi.Signature.Type.INT;
import static dev.strongroom.database.internal.ffi.Signature.Type.LONG;
import static dev.strongroom.database.internal.ffi.Signature.returningInt;
import static dev.strongroom.database.internal.ffi.Signature.returningLong;
import static dev.strongroom.database.internal.ffi.Signature.returningNothing;

import dev.strongroom.database.internal.ffi.ForeignAccess;
import dev.strongroom.database.internal.ffi.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A {@code sqlite3_vfs} that knows three kinds of files: databases that were registered with it,
 * their journals, and files without a name. Nothing else can be opened through it, and no extension
 * is loaded by it.
 *
 * <p>Thread safety: thread-safe.
 */
final class SecureVfs {

  /** Size of a {@code sqlite3_vfs} of version 3. */
  static final int STRUCT_BYTES = 168;

  private static final int VERSION = 2;
  private static final int OFFSET_FILE_BYTES = 4;
  private static final int OFFSET_MAX_PATH = 8;
  private static final int OFFSET_NEXT = 16;
  private static final int OFFSET_NAME = 24;
  private static final int OFFSET_DATA = 32;
  private static final int OFFSET_OPEN = 40;
  private static final int OFFSET_DELETE = 48;
  private static final int OFFSET_ACCESS = 56;
  private static final int OFFSET_FULL_PATH = 64;
  private static final int OFFSET_DL_OPEN = 72;
  private static final int OFFSET_DL_ERROR = 80;
  private static final int OFFSET_DL_SYM = 88;
  private static final int OFFSET_DL_CLOSE = 96;

  private static final int MAX_PATH = 512;
  private static final int OPEN_MAIN_DATABASE = 0x100;
  private static final int OPEN_MAIN_JOURNAL = 0x800;
  private static final String JOURNAL_SUFFIX = "-journal";
  private static final String NO_EXTENSIONS = "a secure database loads no extensions";

  private final ForeignAccess memory;
  private final OpenFiles files = new OpenFiles();
  private final Map<String, VfsDatabase> databases = new ConcurrentHashMap<>();
  private final AtomicLong lastName = new AtomicLong();

  private final long methods;
  private final long address;

  /**
   * Makes the structure; it is not registered by that.
   *
   * @param like the structure of the library's default file system, of which the functions for
   *     time, randomness and sleep are taken
   */
  SecureVfs(ForeignAccess memory, String name, byte[] like) {
    this.memory = memory;
    methods = FileMethods.create(memory, files);
    address = memory.allocate(STRUCT_BYTES);
    memory.write(address, like, 0, STRUCT_BYTES);
    memory.putInt(address, VERSION);
    memory.putInt(address + OFFSET_FILE_BYTES, FileMethods.FILE_BYTES);
    memory.putInt(address + OFFSET_MAX_PATH, MAX_PATH);
    memory.putLong(address + OFFSET_NEXT, 0);
    memory.putLong(address + OFFSET_NAME, memory.allocateText(name));
    memory.putLong(address + OFFSET_DATA, 0);
    put(OFFSET_OPEN, returningInt(LONG, LONG, LONG, INT, LONG), ResultCode.CANNOT_OPEN, this::open);
    put(OFFSET_DELETE, returningInt(LONG, LONG, INT), ResultCode.DELETE, this::delete);
    put(OFFSET_ACCESS, returningInt(LONG, LONG, INT, LONG), ResultCode.ACCESS, this::access);
    put(
        OFFSET_FULL_PATH,
        returningInt(LONG, LONG, INT, LONG),
        ResultCode.CANNOT_OPEN,
        this::fullPath);
    put(OFFSET_DL_OPEN, returningLong(LONG, LONG), 0, arguments -> 0);
    put(OFFSET_DL_ERROR, returningNothing(LONG, INT, LONG), 0, this::extensionError);
    put(OFFSET_DL_SYM, returningLong(LONG, LONG, LONG), 0, arguments -> 0);
    put(OFFSET_DL_CLOSE, returningNothing(LONG, LONG), 0, arguments -> 0);
  }

  private void put(int offset, Signature signature, int usual, FileMethods.Body body) {
    memory.putLong(address + offset, memory.function(signature, FileMethods.guarded(usual, body)));
  }

  /** Where the structure is. */
  long address() {
    return address;
  }

  /** Where its name is. */
  long nameAddress() {
    return memory.getLong(address + OFFSET_NAME);
  }

  /** Makes a database known; answers the name by which SQLite opens it. */
  String register(VfsDatabase database) {
    String name = "database-" + lastName.incrementAndGet();
    databases.put(name, database);
    return name;
  }

  /** Makes a database unknown. */
  void forget(String name) {
    databases.remove(name);
  }

  private @Nullable VfsDatabase ofJournal(String name) {
    return name.endsWith(JOURNAL_SUFFIX)
        ? databases.get(name.substring(0, name.length() - JOURNAL_SUFFIX.length()))
        : null;
  }

  private int open(long[] arguments) throws IOException {
    long file = arguments[2];
    memory.putLong(file, 0); // so that a failure is not followed by a close
    int flags = (int) arguments[3];
    String name = memory.text(arguments[1]);
    VfsFile opened;
    if (arguments[1] == 0) {
      opened = ScratchFiles.usual().create();
    } else if ((flags & OPEN_MAIN_JOURNAL) != 0) {
      VfsDatabase database = ofJournal(name);
      if (database == null) {
        return ResultCode.CANNOT_OPEN;
      }
      opened = database.openJournal();
    } else {
      VfsDatabase database = databases.get(name);
      if (database == null || (flags & OPEN_MAIN_DATABASE) == 0) {
        return ResultCode.CANNOT_OPEN;
      }
      opened = database.openMain();
    }
    memory.putLong(file + Long.BYTES, files.add(opened));
    memory.putLong(file, methods);
    if (arguments[4] != 0) {
      memory.putInt(arguments[4], flags);
    }
    return ResultCode.OK;
  }

  private int delete(long[] arguments) throws IOException {
    VfsDatabase database = ofJournal(memory.text(arguments[1]));
    if (database == null) {
      return ResultCode.DELETE_MISSING;
    }
    database.deleteJournal();
    return ResultCode.OK;
  }

  private int access(long[] arguments) {
    String name = memory.text(arguments[1]);
    VfsDatabase ofJournal = ofJournal(name);
    boolean there = databases.containsKey(name) || (ofJournal != null && ofJournal.hasJournal());
    memory.putInt(arguments[3], there ? 1 : 0);
    return ResultCode.OK;
  }

  private int fullPath(long[] arguments) {
    byte[] name = (memory.text(arguments[1]) + '\0').getBytes(StandardCharsets.UTF_8);
    if (name.length > arguments[2]) {
      return ResultCode.CANNOT_OPEN;
    }
    memory.write(arguments[3], name, 0, name.length);
    return ResultCode.OK;
  }

  private int extensionError(long[] arguments) {
    byte[] message = (NO_EXTENSIONS + '\0').getBytes(StandardCharsets.US_ASCII);
    if (message.length <= arguments[1]) {
      memory.write(arguments[2], message, 0, message.length);
    }
    return 0;
  }
}
