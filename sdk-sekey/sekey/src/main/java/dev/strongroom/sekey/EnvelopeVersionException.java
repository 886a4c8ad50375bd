// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

/**
 * An envelope has a version that this release does not know; it was not looked at further.
 *
 * <p>Thread safety: immutable.
 */
public final class EnvelopeVersionException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** The envelope's version. */
  private final int found;

  /** The newest version that is known. */
  private final int newest;

  /**
   * Reports an envelope.
   *
   * @param found the envelope's version
   * @param newest the newest version that is known
   */
  public EnvelopeVersionException(int found, int newest) {
    super(
        "the envelope has version "
            + found
            + ", this release knows up to "
            + newest
            + "; use the release that made it, or a later one",
        null);
    this.found = found;
    this.newest = newest;
  }

  /**
   * The envelope's version.
   *
   * @return 0 to 255
   */
  public int found() {
    return found;
  }

  /**
   * The newest version that is known.
   *
   * @return from 1
   */
  public int newest() {
    return newest;
  }
}
