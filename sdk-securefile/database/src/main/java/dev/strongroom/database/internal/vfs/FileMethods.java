// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static dev.strongroom.database.internal.ffi.Signature.Type.INT;
import static dev.strongroom.database.internal.ffi.Signature.Type.LONG;
import static dev.strongroom.database.internal.ffi.Signature.returningInt;

import dev.strongroom.database.internal.ffi.ForeignAccess;
import dev.strongroom.database.internal.ffi.Signature;
import dev.strongroom.database.internal.ffi.Upcall;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The {@code sqlite3_io_methods} of secure files, version 1: neither a write-ahead log, for which
 * SQLite wants shared memory, nor memory mapping.
 *
 * <p>A {@code sqlite3_file} of ours is the address of these methods and a number, both of 8 bytes.
 *
 * <p>Thread safety: thread-safe.
 */
final class FileMethods {

  /** Size of our {@code sqlite3_file}. */
  static final int FILE_BYTES = 16;

  private static final int NUMBER = 8;

  private static final int VERSION = 1;
  private static final int STRUCT_BYTES = 104;

  private static final int SECTOR_BYTES = 4096;

  private static final int CONTROL_SYNC = 21;

  /**
   * POWERSAFE_OVERWRITE, SEQUENTIAL and SAFE_APPEND: a commit is published as a whole, and the
   * journal never meets a loss of power, since it dies with the process.
   */
  private static final int CHARACTERISTICS = 0x1000 | 0x400 | 0x200;

  private final ForeignAccess memory;
  private final OpenFiles files;

  private FileMethods(ForeignAccess memory, OpenFiles files) {
    this.memory = memory;
    this.files = files;
  }

  /** Makes the structure; answers its address. */
  static long create(ForeignAccess memory, OpenFiles files) {
    FileMethods methods = new FileMethods(memory, files);
    long struct = memory.allocate(STRUCT_BYTES);
    memory.putInt(struct, VERSION);
    methods.put(struct + 8, returningInt(LONG), ResultCode.CLOSE, methods::close);
    methods.put(struct + 16, returningInt(LONG, LONG, INT, LONG), ResultCode.READ, methods::read);
    methods.put(struct + 24, returningInt(LONG, LONG, INT, LONG), ResultCode.WRITE, methods::write);
    methods.put(struct + 32, returningInt(LONG, LONG), ResultCode.TRUNCATE, methods::truncate);
    // The commit has made durable what there is to sync; everything else dies with the process.
    methods.put(struct + 40, returningInt(LONG, INT), ResultCode.SYNC, arguments -> ResultCode.OK);
    methods.put(struct + 48, returningInt(LONG, LONG), ResultCode.SIZE, methods::size);
    methods.put(struct + 56, returningInt(LONG, INT), ResultCode.LOCK, methods::lock);
    methods.put(struct + 64, returningInt(LONG, INT), ResultCode.UNLOCK, methods::unlock);
    methods.put(
        struct + 72, returningInt(LONG, LONG), ResultCode.CHECK_RESERVED, methods::isReserved);
    methods.put(struct + 80, returningInt(LONG, INT, LONG), ResultCode.SYNC, methods::control);
    methods.put(struct + 88, returningInt(LONG), SECTOR_BYTES, arguments -> SECTOR_BYTES);
    methods.put(struct + 96, returningInt(LONG), CHARACTERISTICS, arguments -> CHARACTERISTICS);
    return struct;
  }

  /** What a callback does, which may throw. */
  @FunctionalInterface
  interface Body {
    int run(long[] arguments) throws IOException;
  }

  /** A callback that answers a failure by a code and keeps its cause. */
  static Upcall guarded(int usual, Body body) {
    return new Guarded(usual, body);
  }

  private record Guarded(int usual, Body body) implements Upcall {

    @Override
    public long call(long[] arguments) {
      try {
        return body.run(arguments);
      } catch (Throwable e) {
        LastFailure.record(e);
        return ResultCode.of(e, usual);
      }
    }

    @Override
    public long failed() {
      return usual;
    }
  }

  private void put(long address, Signature signature, int usual, Body body) {
    memory.putLong(address, memory.function(signature, guarded(usual, body)));
  }

  private OpenFiles.Entry entry(long address) {
    return files.get(memory.getLong(address + NUMBER));
  }

  private int close(long[] arguments) throws IOException {
    OpenFiles.Entry entry = files.remove(memory.getLong(arguments[0] + NUMBER));
    memory.putLong(arguments[0], 0);
    if (entry != null) {
      entry.erase();
      entry.file.close();
    }
    return ResultCode.OK;
  }

  private int read(long[] arguments) throws IOException {
    OpenFiles.Entry entry = entry(arguments[0]);
    long target = arguments[1];
    int length = (int) arguments[2];
    ByteBuffer known = entry.file.known(arguments[3], length);
    if (known != null) {
      memory.write(target, known.array(), known.arrayOffset() + known.position(), length);
      return ResultCode.OK;
    }
    byte[] buffer = entry.buffer(length);
    int read = entry.file.read(arguments[3], buffer, length);
    memory.write(target, buffer, 0, read);
    if (read < length) {
      memory.clear(target + read, length - read);
      return ResultCode.SHORT_READ;
    }
    return ResultCode.OK;
  }

  private int write(long[] arguments) throws IOException {
    OpenFiles.Entry entry = entry(arguments[0]);
    int length = (int) arguments[2];
    byte[] buffer = entry.buffer(length);
    memory.read(arguments[1], buffer, 0, length);
    entry.file.write(arguments[3], buffer, length);
    return ResultCode.OK;
  }

  private int truncate(long[] arguments) throws IOException {
    entry(arguments[0]).file.truncate(arguments[1]);
    return ResultCode.OK;
  }

  private int size(long[] arguments) throws IOException {
    memory.putLong(arguments[1], entry(arguments[0]).file.size());
    return ResultCode.OK;
  }

  private int lock(long[] arguments) {
    boolean given = entry(arguments[0]).file.lock(LockLevel.of(arguments[1]));
    return given ? ResultCode.OK : ResultCode.BUSY;
  }

  private int unlock(long[] arguments) throws IOException {
    entry(arguments[0]).file.unlock(LockLevel.of(arguments[1]));
    return ResultCode.OK;
  }

  private int isReserved(long[] arguments) {
    memory.putInt(arguments[1], entry(arguments[0]).file.isReserved() ? 1 : 0);
    return ResultCode.OK;
  }

  private int control(long[] arguments) throws IOException {
    if (arguments[1] == CONTROL_SYNC) {
      entry(arguments[0]).file.commit();
      return ResultCode.OK;
    }
    return ResultCode.NOT_FOUND;
  }
}
