// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

/**
 * A database of key management was written by a later release, and was not touched.
 *
 * <p>Thread safety: immutable.
 */
public final class NewerDatabaseException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** The database as it was named. */
  private final String path;

  /** Its version. */
  private final int found;

  /** The newest version that this release knows. */
  private final int newest;

  /**
   * Reports a version.
   *
   * @param path the database as it was named
   * @param found its version
   * @param newest the newest version that this release knows
   */
  public NewerDatabaseException(String path, int found, int newest) {
    super(
        path
            + ": the database of key management has version "
            + found
            + ", this release knows up to "
            + newest
            + "; use the release that wrote it, or a later one",
        null);
    this.path = path;
    this.found = found;
    this.newest = newest;
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
   * The version that it has.
   *
   * @return from 1
   */
  public int found() {
    return found;
  }

  /**
   * The newest version that this release knows.
   *
   * @return from 1
   */
  public int newest() {
    return newest;
  }
}
