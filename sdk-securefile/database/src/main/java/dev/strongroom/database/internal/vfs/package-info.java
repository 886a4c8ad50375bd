// SPDX-License-Identifier: Apache-2.0

/**
 * A virtual file system of SQLite whose databases are secure files.
 *
 * <p>Interfaces and codes are those of {@code sqlite3.h}: <a
 * href="https://sqlite.org/c3ref/vfs.html">sqlite3_vfs</a>, <a
 * href="https://sqlite.org/c3ref/io_methods.html">sqlite3_io_methods</a> and <a
 * href="https://sqlite.org/rescode.html">result codes</a>.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.database.internal.vfs;
