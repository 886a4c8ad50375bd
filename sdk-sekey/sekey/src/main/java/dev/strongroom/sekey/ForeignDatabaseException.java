// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

/**
 * A database is none of key management; it was not touched.
 *
 * <p>Thread safety: immutable.
 */
public final class ForeignDatabaseException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** The database as it was named. */
  private final String path;

  /** SQLite's {@code application_id} in it. */
  private final int applicationId;

  /**
   * Reports a database.
   *
   * @param path the database as it was named
   * @param applicationId what it says in SQLite's {@code application_id}, 0 if nothing
   */
  public ForeignDatabaseException(String path, int applicationId) {
    super(
        String.format(
            "%s: a database, but none of key management (application id %08X); name another file",
            path, applicationId),
        null);
    this.path = path;
    this.applicationId = applicationId;
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
   * What the database says that it belongs to.
   *
   * @return SQLite's {@code application_id}, 0 if it says nothing
   */
  public int applicationId() {
    return applicationId;
  }
}
