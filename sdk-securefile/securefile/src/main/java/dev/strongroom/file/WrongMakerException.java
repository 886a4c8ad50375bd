// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.identity.Fingerprint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A volume was made with another element than the one that it is said to be of; nothing was asked
 * of the element that was to open it, and nothing read.
 *
 * <p>Thread safety: immutable.
 */
public final class WrongMakerException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;
  private final transient Fingerprint expected;
  private final transient @Nullable Fingerprint found;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param expected fingerprint of the element that the volume has to be made with
   * @param found fingerprint of the element that it says it was made with, or null if it names none
   */
  public WrongMakerException(String volume, Fingerprint expected, @Nullable Fingerprint found) {
    super(
        volume
            + ": the volume must be of the element with fingerprint "
            + expected
            + ", it says that it is of "
            + (found == null ? "an element without one" : found)
            + "; look for the right volume, this one is of somebody else",
        null);
    this.volume = volume;
    this.expected = expected;
    this.found = found;
  }

  /**
   * The volume's place.
   *
   * @return the value
   */
  public String volume() {
    return volume;
  }

  /**
   * Fingerprint of the element that the volume has to be made with.
   *
   * @return the value
   */
  public Fingerprint expected() {
    return expected;
  }

  /**
   * Fingerprint of the element that the volume says it was made with; not authenticated.
   *
   * @return the value, or empty if it names none
   */
  public Optional<Fingerprint> found() {
    return Optional.ofNullable(found);
  }
}
