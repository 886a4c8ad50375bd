// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which operation of a {@link FaultyStore} fails, and how.
 *
 * <pre>{@code
 * store.arm(FaultPlan.of(Fault.NO_SPACE).at(7).lasting());
 * }</pre>
 *
 * <p>Thread safety: immutable.
 */
public final class FaultPlan {

  /** How an operation fails. */
  public enum Fault {
    /** The medium is full; a write leaves its first half. */
    NO_SPACE,
    /** The medium does not answer; a write leaves its first half. */
    IO_ERROR,
    /** The medium takes no changes: they are refused, and leave nothing. */
    READ_ONLY,
    /** A sync that fails; what was written before it is undecided for ever. */
    SYNC_ERROR,
    /**
     * A sync that fails, and drops what was written to that file since the last one that did not,
     * as Linux does; a later sync succeeds and does not bring it back.
     */
    SYNC_LOSES,
    /** A sync that returns and has done nothing: a broken program, or a lying disk. */
    SYNC_SKIPPED;

    private Set<StoreOperation> operations() {
      return switch (this) {
        case NO_SPACE ->
            EnumSet.of(
                StoreOperation.CREATE,
                StoreOperation.WRITE,
                StoreOperation.TRUNCATE,
                StoreOperation.CREATE_DIRECTORY);
        case READ_ONLY ->
            EnumSet.of(
                StoreOperation.CREATE,
                StoreOperation.WRITE,
                StoreOperation.TRUNCATE,
                StoreOperation.CREATE_DIRECTORY,
                StoreOperation.MOVE,
                StoreOperation.DELETE);
        case IO_ERROR -> EnumSet.allOf(StoreOperation.class);
        case SYNC_LOSES -> EnumSet.of(StoreOperation.SYNC);
        case SYNC_ERROR, SYNC_SKIPPED ->
            EnumSet.of(StoreOperation.SYNC, StoreOperation.SYNC_DIRECTORY);
      };
    }
  }

  private final Fault fault;
  private final Set<StoreOperation> operations;
  private final Predicate<String> names;
  private final long first;
  private final boolean lasting;

  private FaultPlan(
      Fault fault,
      Set<StoreOperation> operations,
      Predicate<String> names,
      long first,
      boolean lasting) {
    this.fault = fault;
    this.operations = operations;
    this.names = names;
    this.first = first;
    this.lasting = lasting;
  }

  /**
   * Fails the first operation that can fail so, once.
   *
   * @param fault how
   * @return the plan
   */
  public static FaultPlan of(Fault fault) {
    return new FaultPlan(fault, fault.operations(), name -> true, 1, false);
  }

  /**
   * Looks at some operations only.
   *
   * @param first an operation
   * @param others more
   * @return a changed plan
   */
  public FaultPlan on(StoreOperation first, StoreOperation... others) {
    return new FaultPlan(fault, EnumSet.of(first, others), names, this.first, lasting);
  }

  /**
   * Looks at some files and folders only.
   *
   * @param filter which names
   * @return a changed plan
   */
  public FaultPlan where(Predicate<String> filter) {
    return new FaultPlan(fault, operations, filter, first, lasting);
  }

  /**
   * Lets some operations pass before the one that fails.
   *
   * @param nth which one fails, from 1, of those that the plan looks at
   * @return a changed plan
   */
  public FaultPlan at(long nth) {
    return new FaultPlan(fault, operations, names, nth, lasting);
  }

  /**
   * Fails all operations from the first one on, instead of one.
   *
   * @return a changed plan
   */
  public FaultPlan lasting() {
    return new FaultPlan(fault, operations, names, first, true);
  }

  Fault fault() {
    return fault;
  }

  boolean covers(StoreOperation operation, String name) {
    return operations.contains(operation) && names.test(name);
  }

  boolean strikes(long nth) {
    return lasting ? nth >= first : nth == first;
  }
}
