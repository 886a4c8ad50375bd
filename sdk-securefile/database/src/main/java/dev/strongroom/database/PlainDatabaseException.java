// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A plain database cannot be imported as it is: it is none, damaged, in use, or a program has left
 * a journal or a write-ahead log beside it. It was not changed, and nothing was imported.
 *
 * <p>Thread safety: immutable.
 */
public final class PlainDatabaseException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** The file on the host, as text, since a path cannot be serialized. */
  private final String plain;

  /**
   * Reports a file.
   *
   * @param plain the file on the host
   * @param problem what is the matter, and what to do
   * @param cause what was underneath, or null
   */
  public PlainDatabaseException(Path plain, String problem, @Nullable Throwable cause) {
    super(plain + " cannot be imported: " + problem, cause);
    this.plain = plain.toString();
  }

  /**
   * The file on the host.
   *
   * @return its path
   */
  public Path plain() {
    return Path.of(plain);
  }
}
