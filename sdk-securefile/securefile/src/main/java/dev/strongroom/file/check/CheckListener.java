// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.check;

/**
 * Hears of a check while it runs, and may end it. Called by the thread that checks, without any
 * lock of the volume.
 *
 * <p>Thread safety: called by one thread at a time.
 */
public interface CheckListener {

  /** Hears nothing and never ends a check. */
  CheckListener SILENT = new CheckListener() {};

  /**
   * Hears how far the check has come, after at most a mebibyte or a file.
   *
   * @param progress how far
   */
  default void progress(CheckProgress progress) {}

  /**
   * Hears of a finding. Neighbouring damaged sectors of one file are one finding.
   *
   * @param finding what was met
   */
  default void found(Finding finding) {}

  /**
   * Whether the check is to end; asked as often as progress is told.
   *
   * @return whether to end
   */
  default boolean isCancelled() {
    return false;
  }
}
