// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

/**
 * Looks at records one after the other.
 *
 * <p>Thread safety: confined to who calls it.
 */
@FunctionalInterface
public interface RecordReader {

  /**
   * One record.
   *
   * @param page where it lies, lent, not to be changed or kept
   * @param at where in it it begins, {@value RecordChange#RECORD_LENGTH} bytes
   */
  void read(byte[] page, int at);
}
