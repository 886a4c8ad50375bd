// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static dev.strongroom.database.internal.ffi.Signature.Type.INT;
import static dev.strongroom.database.internal.ffi.Signature.returningLong;

import dev.strongroom.database.internal.ffi.ForeignAccess;
import java.util.Set;

/**
 * Answers {@code PRAGMA synchronous} as users see it, {@code FULL}: every commit is durable, by
 * {@code SQLITE_FCNTL_SYNC}. SQLite itself is told {@code OFF}, since its own syncs, of a journal
 * that dies with the process and of a file that is committed already, would be calls for nothing.
 *
 * <p>See {@code SQLITE_FCNTL_PRAGMA} in <a
 * href="https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html">File Control Opcodes</a>.
 *
 * <p>Thread safety: thread-safe.
 */
final class SynchronousPragma {

  static final int CONTROL = 14;

  private static final String NAME = "synchronous";
  private static final Set<String> FULL = Set.of("full", "2");

  private static final int API_MALLOC = 544;

  private final ForeignAccess memory;
  private final long api;

  SynchronousPragma(ForeignAccess memory, long api) {
    this.memory = memory;
    this.api = api;
  }

  /**
   * Answers a pragma.
   *
   * @param texts address of three texts: place for an answer, the pragma's name, its value or null
   * @return a result code; {@link ResultCode#NOT_FOUND} leaves the pragma to SQLite
   */
  int answer(long texts) {
    if (!NAME.equalsIgnoreCase(memory.text(memory.getLong(texts + Long.BYTES)))) {
      return ResultCode.NOT_FOUND;
    }
    long value = memory.getLong(texts + 2 * Long.BYTES);
    if (value != 0) {
      boolean full = FULL.contains(memory.text(value).toLowerCase(java.util.Locale.ROOT));
      return full ? ResultCode.OK : ResultCode.NOT_FOUND;
    }
    byte[] answer = {'2', 0};
    long text = memory.call(memory.getLong(api + API_MALLOC), returningLong(INT), answer.length);
    if (text == 0) {
      return ResultCode.NO_MEMORY;
    }
    memory.write(text, answer, 0, answer.length); // freed by SQLite
    memory.putLong(texts, text);
    return ResultCode.OK;
  }
}
