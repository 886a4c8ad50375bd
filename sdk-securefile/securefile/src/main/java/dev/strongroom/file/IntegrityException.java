// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * Stored bytes are not what this volume wrote there: altered, cut, moved, rolled back or damaged.
 * No data is returned for them.
 *
 * <p>Thread safety: immutable.
 */
public final class IntegrityException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final String check;
  private final long sector;
  private final long from;
  private final long to;
  private final String detail;

  /**
   * Reports it.
   *
   * @param file the file's path in the volume, or the name of the volume's own structure
   * @param check which check failed: header, tag page, sector, tree, catalogue, symbolic link,
   *     attribute stream, volume file
   * @param sector the sector's index, or -1 where the damage is not in a sector
   * @param from the first byte of the file that cannot be read, or -1
   * @param to the byte after the last that cannot be read, or -1
   * @param detail what was expected and found
   */
  public IntegrityException(
      String file, String check, long sector, long from, long to, String detail) {
    super(
        file
            + ": "
            + check
            + (sector < 0 ? "" : " " + sector)
            + " failed authentication"
            + (from < 0 ? "" : "; bytes " + from + " to " + to + " cannot be read")
            + ": "
            + detail,
        null);
    this.file = file;
    this.check = check;
    this.sector = sector;
    this.from = from;
    this.to = to;
    this.detail = detail;
  }

  /**
   * The file's path in the volume, or the name of the volume's own structure.
   *
   * @return the value
   */
  public String file() {
    return file;
  }

  /**
   * Whether a part of the file's content cannot be read, while the file itself can be used.
   *
   * @return false if its header, or its host file as a whole, is the problem
   */
  public boolean isInContent() {
    return from >= 0 && !check.equals("header");
  }

  /**
   * Which check failed: header, tag page, sector, tree, catalogue, volume file.
   *
   * @return the value
   */
  public String check() {
    return check;
  }

  /**
   * The sector's index, or -1 where the damage is not in a sector.
   *
   * @return the value
   */
  public long sector() {
    return sector;
  }

  /**
   * The first byte of the file that cannot be read, or -1.
   *
   * @return the value
   */
  public long from() {
    return from;
  }

  /**
   * The byte after the last that cannot be read, or -1.
   *
   * @return the value
   */
  public long to() {
    return to;
  }

  /**
   * What was expected and found.
   *
   * @return the value
   */
  public String detail() {
    return detail;
  }
}
