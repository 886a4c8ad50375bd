// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.NoSpaceException;

/**
 * SQLite's result codes.
 *
 * <p>Thread safety: no state.
 */
final class ResultCode {

  static final int OK = 0;
  static final int ERROR = 1;
  static final int BUSY = 5;
  static final int NO_MEMORY = 7;
  static final int IO_ERROR = 10;
  static final int NOT_FOUND = 12;
  static final int FULL = 13;
  static final int CANNOT_OPEN = 14;

  static final int READ = IO_ERROR | 1 << 8;
  static final int SHORT_READ = IO_ERROR | 2 << 8;
  static final int WRITE = IO_ERROR | 3 << 8;
  static final int SYNC = IO_ERROR | 4 << 8;
  static final int TRUNCATE = IO_ERROR | 6 << 8;
  static final int SIZE = IO_ERROR | 7 << 8;
  static final int UNLOCK = IO_ERROR | 8 << 8;
  static final int DELETE = IO_ERROR | 10 << 8;
  static final int ACCESS = IO_ERROR | 13 << 8;
  static final int CHECK_RESERVED = IO_ERROR | 14 << 8;
  static final int LOCK = IO_ERROR | 15 << 8;
  static final int CLOSE = IO_ERROR | 16 << 8;
  static final int DELETE_MISSING = IO_ERROR | 23 << 8;

  /** What was read is not what was written. */
  static final int DATA = IO_ERROR | 32 << 8;

  private ResultCode() {}

  /**
   * The code of a failure.
   *
   * @param usual the code of what was being done
   */
  static int of(Throwable failure, int usual) {
    if (failure instanceof IntegrityException) {
      return DATA;
    }
    if (failure instanceof NoSpaceException) {
      return FULL;
    }
    return failure instanceof OutOfMemoryError ? NO_MEMORY : usual;
  }
}
