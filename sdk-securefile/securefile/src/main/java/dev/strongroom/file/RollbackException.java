// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A file is not in the state that its volume has committed last: an old copy was put in its place,
 * or one of a volume that was abandoned when a backup was accepted.
 *
 * <p>Thread safety: immutable.
 */
public final class RollbackException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final long found;
  private final long required;

  /**
   * Reports it.
   *
   * @param file the file's path
   * @param found version of the copy that is there, unsigned
   * @param required version of the state that counts, unsigned; the same as the other where states
   *     of one version differ
   */
  public RollbackException(String file, long found, long required) {
    super(
        file
            + (found == required
                ? ": is not in the state that the ledger names"
                : ": this copy has version "
                    + Long.toUnsignedString(found)
                    + ", the volume wants version "
                    + Long.toUnsignedString(required))
            + (Long.compareUnsigned(found, required) > 0
                ? "; it is from a copy of the volume that was abandoned"
                : "; it is an old copy, put the newest one back"),
        null);
    this.file = file;
    this.found = found;
    this.required = required;
  }

  /**
   * The file.
   *
   * @return its path in the volume
   */
  public String file() {
    return file;
  }

  /**
   * Version of the copy that is there.
   *
   * @return an unsigned number, 0 if it was never frozen
   */
  public long found() {
    return found;
  }

  /**
   * Version of the state that counts.
   *
   * @return an unsigned number, 0 if the file was never frozen
   */
  public long required() {
    return required;
  }
}
