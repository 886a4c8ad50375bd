// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How often a {@link FaultyStore} was asked for what, and how many bytes went through it, by file.
 *
 * <p>A file counts under the name by which it was opened. Names are filtered by a predicate, so
 * that {@code counters.count(SYNC, name -> true)} is the sum.
 *
 * <p>Thread safety: immutable.
 */
public final class StoreCounters {

  private final Map<String, Map<StoreOperation, Long>> counts;
  private final Map<String, Map<StoreOperation, Long>> bytes;

  StoreCounters(
      Map<String, Map<StoreOperation, Long>> counts, Map<String, Map<StoreOperation, Long>> bytes) {
    this.counts = counts;
    this.bytes = bytes;
  }

  /**
   * How often something was asked for.
   *
   * @param operation what
   * @return the number, over all names
   */
  public long count(StoreOperation operation) {
    return count(operation, name -> true);
  }

  /**
   * How often something was asked of some files.
   *
   * @param operation what
   * @param names which files or folders
   * @return the number
   */
  public long count(StoreOperation operation, Predicate<String> names) {
    return sum(counts, operation, names);
  }

  /**
   * How many bytes were read or written.
   *
   * @param operation {@link StoreOperation#READ} or {@link StoreOperation#WRITE}
   * @param names which files
   * @return the bytes
   */
  public long bytes(StoreOperation operation, Predicate<String> names) {
    return sum(bytes, operation, names);
  }

  /**
   * What happened since.
   *
   * @param earlier an earlier state of the same store's counters
   * @return the differences
   */
  public StoreCounters since(StoreCounters earlier) {
    return new StoreCounters(difference(counts, earlier.counts), difference(bytes, earlier.bytes));
  }

  private static long sum(
      Map<String, Map<StoreOperation, Long>> table,
      StoreOperation operation,
      Predicate<String> names) {
    long sum = 0;
    for (Map.Entry<String, Map<StoreOperation, Long>> entry : table.entrySet()) {
      if (names.test(entry.getKey())) {
        sum += entry.getValue().getOrDefault(operation, 0L);
      }
    }
    return sum;
  }

  private static Map<String, Map<StoreOperation, Long>> difference(
      Map<String, Map<StoreOperation, Long>> later,
      Map<String, Map<StoreOperation, Long>> earlier) {
    Map<String, Map<StoreOperation, Long>> table = new TreeMap<>();
    later.forEach(
        (name, row) -> {
          Map<StoreOperation, Long> old = earlier.getOrDefault(name, Map.of());
          Map<StoreOperation, Long> rest = new EnumMap<>(StoreOperation.class);
          row.forEach(
              (operation, count) -> {
                long more = count - old.getOrDefault(operation, 0L);
                if (more != 0) {
                  rest.put(operation, more);
                }
              });
          if (!rest.isEmpty()) {
            table.put(name, rest);
          }
        });
    return table;
  }

  @Override
  public String toString() {
    return "counts " + counts + ", bytes " + bytes;
  }
}
