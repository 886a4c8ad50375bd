// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

/** What can be asked of a store, for {@link FaultPlan} and {@link StoreCounters}. */
public enum StoreOperation {
  /** Opening a file that exists. */
  OPEN,
  /** Opening a file that is made by it. */
  CREATE,
  /** Reading from a file. */
  READ,
  /** Writing to a file. */
  WRITE,
  /** Cutting or extending a file. */
  TRUNCATE,
  /** Making a file durable. */
  SYNC,
  /** Making a folder. */
  CREATE_DIRECTORY,
  /** Moving a file. */
  MOVE,
  /** Removing a file or folder. */
  DELETE,
  /** Listing a folder. */
  LIST,
  /** Making a folder's names durable. */
  SYNC_DIRECTORY
}
