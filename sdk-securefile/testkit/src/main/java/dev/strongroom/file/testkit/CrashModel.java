// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

/**
 * What a crash may do, and how many of the possible states are looked at.
 *
 * <p>The model itself is described in the package documentation. Per window between two syncs: all
 * subsets of the pending changes when there are at most {@code 2^exhaustive}; otherwise every
 * prefix and every single loss (thinned out evenly above 64), and all subsets of the window's own
 * changes if these are few enough, else a sample; and then torn and garbage states.
 *
 * @param names whether a sync of a file makes its name durable
 * @param exhaustive up to how many pending changes all subsets are taken, 0 to 16
 * @param samples random subsets of a window that has more, at least 0
 * @param torn states of a window in which a write is torn, at least 0; when so many are enough for
 *     all subsets of the pieces of the window's writes, these are taken
 * @param garbage states of a window in which a block is garbage, at least 0
 *     <p>Thread safety: immutable.
 */
public record CrashModel(Names names, int exhaustive, int samples, int torn, int garbage) {

  /** When the name of a file is durable. */
  public enum Names {
    /** After a sync of its folder only, as POSIX has it. */
    STRICT,
    /** After a sync of the file or of its folder, as ext4, XFS and Btrfs have it. */
    WITH_FILE_SYNC
  }

  /**
   * Checks the ranges.
   *
   * @param names whether a sync of a file makes its name durable
   * @param exhaustive up to how many pending changes all subsets are taken
   * @param samples random subsets of a window that has more
   * @param torn states of a window in which a write is torn
   * @param garbage states of a window in which a block is garbage
   */
  public CrashModel {
    if (exhaustive < 0 || exhaustive > 16) {
      throw new IllegalArgumentException("exhaustive is " + exhaustive + ", it must be 0 to 16");
    }
    if (samples < 0 || torn < 0 || garbage < 0) {
      throw new IllegalArgumentException("numbers of states cannot be negative");
    }
  }

  /**
   * Names durable after a sync of the folder only; all subsets up to 2^8, else 32 samples; 16 torn
   * states a window; no garbage.
   *
   * @return the model
   */
  public static CrashModel strict() {
    return new CrashModel(Names.STRICT, 8, 32, 16, 0);
  }

  /**
   * Changes when names are durable.
   *
   * @param value when
   * @return a changed model
   */
  public CrashModel withNames(Names value) {
    return new CrashModel(value, exhaustive, samples, torn, garbage);
  }

  /**
   * Changes up to how many changes all subsets are taken.
   *
   * @param value the number of changes, 0 to 16
   * @return a changed model
   */
  public CrashModel withExhaustive(int value) {
    return new CrashModel(names, value, samples, torn, garbage);
  }

  /**
   * Changes the number of random subsets a window.
   *
   * @param value the number
   * @return a changed model
   */
  public CrashModel withSamples(int value) {
    return new CrashModel(names, exhaustive, value, torn, garbage);
  }

  /**
   * Changes the number of torn states a window.
   *
   * @param value the number
   * @return a changed model
   */
  public CrashModel withTorn(int value) {
    return new CrashModel(names, exhaustive, samples, value, garbage);
  }

  /**
   * Changes the number of states a window in which a block is garbage.
   *
   * @param value the number
   * @return a changed model
   */
  public CrashModel withGarbage(int value) {
    return new CrashModel(names, exhaustive, samples, torn, value);
  }
}
