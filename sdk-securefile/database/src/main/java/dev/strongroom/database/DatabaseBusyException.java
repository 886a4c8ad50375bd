// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import java.time.Duration;

/**
 * Connections were at work in a database for as long as was waited for them; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class DatabaseBusyException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** The file as it was named. */
  private final String path;

  /** How long was waited. */
  private final Duration waited;

  /**
   * Reports a database.
   *
   * @param path the file as it was named
   * @param waited how long was waited, {@link DatabaseOptions#busyTimeout()}
   */
  public DatabaseBusyException(String path, Duration waited) {
    super(
        path
            + ": transactions of other connections did not end within "
            + waited.toMillis()
            + " ms; end them, or try again with a longer busy timeout",
        null);
    this.path = path;
    this.waited = waited;
  }

  /**
   * The database.
   *
   * @return the file as it was named
   */
  public String path() {
    return path;
  }

  /**
   * How long was waited.
   *
   * @return the busy timeout
   */
  public Duration waited() {
    return waited;
  }
}
