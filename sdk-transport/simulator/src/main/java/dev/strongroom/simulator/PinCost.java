// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

/**
 * What one PIN try costs: the parameters of Argon2id (RFC 9106, 3.1).
 *
 * <p>Thread safety: immutable.
 *
 * @param memoryKib memory in KiB, 8 times the lanes to 1048576 (1 GiB)
 * @param passes passes over the memory, 1 to 16
 * @param lanes degree of parallelism, 1 to 16
 */
public record PinCost(int memoryKib, int passes, int lanes) {

  /** 64 MiB, 3 passes, 1 lane: the default. */
  public static final PinCost DEFAULT = new PinCost(65_536, 3, 1);

  /** 64 KiB, 1 pass, 1 lane: for tests, worthless as protection. */
  public static final PinCost CHEAP = new PinCost(64, 1, 1);

  private static final int MAX_MEMORY_KIB = 1_048_576;
  private static final int MAX_PASSES = 16;
  private static final int MAX_LANES = 16;

  /**
   * Checks the ranges.
   *
   * @param memoryKib memory in KiB
   * @param passes passes over the memory
   * @param lanes degree of parallelism
   */
  public PinCost {
    if (!inRange(memoryKib, passes, lanes)) {
      throw new IllegalArgumentException(
          "Argon2id with " + memoryKib + " KiB, " + passes + " passes, " + lanes + " lanes");
    }
  }

  /** Whether numbers from a file may be used. */
  static boolean inRange(int memoryKib, int passes, int lanes) {
    return lanes >= 1
        && lanes <= MAX_LANES
        && passes >= 1
        && passes <= MAX_PASSES
        && memoryKib >= 8 * lanes
        && memoryKib <= MAX_MEMORY_KIB;
  }

  @Override
  public String toString() {
    String memory = memoryKib % 1024 == 0 ? memoryKib / 1024 + " MiB" : memoryKib + " KiB";
    return "Argon2id " + memory + ", t=" + passes + ", p=" + lanes;
  }
}
