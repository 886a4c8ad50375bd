// SPDX-License-Identifier: Apache-2.0

/**
 * Stores that crash, fail and count, and the contract that every store must pass.
 *
 * <p>{@link dev.strongroom.file.testkit.MemoryStore} is a whole store in memory. {@link
 * dev.strongroom.file.testkit.RecordingStore} logs what is done to one, {@link
 * dev.strongroom.file.testkit.CrashStates} makes from such a log the disks that a crash could leave
 * behind, and {@link dev.strongroom.file.testkit.FaultyStore} fails at a chosen operation and
 * counts them all. {@link dev.strongroom.file.testkit.StoreContract} is what a new store extends.
 *
 * <h2>The crash model</h2>
 *
 * The model is the one of SQLite's crash tests, on the guarantees that {@link
 * dev.strongroom.file.store.Store} gives and on nothing more:
 *
 * <ul>
 *   <li>A write or a truncate of a file is <em>pending</em> until a sync of that file has returned.
 *   <li>A name (a file or folder made, a move, a removal) is pending until the folder that holds it
 *       has been synced; a move until both of its folders have been. A sync of a file does not make
 *       its name durable, unless the model is told so: {@link
 *       dev.strongroom.file.testkit.CrashModel.Names}.
 *   <li>A crash keeps everything that is not pending, and any subset of what is pending, applied in
 *       its old order. Lost writes are the dropped members, reordered ones are a later member
 *       without an earlier one, and each prefix of the log is a subset too.
 *   <li>A kept write may be <em>torn</em>: any subset of its 512-byte pieces survives, and when it
 *       extended the file, the new length may survive without the data, which then reads as zeros.
 *   <li>A move is atomic: both of its names are changed, or none; none if the folder that it leads
 *       to is lost itself.
 *   <li>In a mode of its own, a 4 KiB block that has a pending write turns into <em>garbage</em> as
 *       a whole, with its neighbours in that block.
 *   <li>A sync that failed leaves the writes before it undecided for ever, as the page caches of
 *       Linux do: a later sync that succeeds covers only what was written after the failure.
 * </ul>
 *
 * <p>The states of one window, which is the stretch of the log between two syncs, are enumerated as
 * they are at its end, together with the marks that the program under test had left by then. A
 * state whose last kept write is older than that is possible at every later point of the window
 * also, and at its end the promises made so far are at their most demanding.
 *
 * <h2>How a crash test is written</h2>
 *
 * <pre>{@code
 * RecordingStore disk = RecordingStore.over(new MemoryStore());
 * program.run(disk, disk::mark);
 * CrashStates.of(disk.log(), CrashModel.strict(), seed)
 *     .forEach(image -> oracle.check(image.store(), image.marks()));
 * }</pre>
 *
 * <p>Everything random comes from a seed, and a failure names the seed and the number of the state,
 * which {@link dev.strongroom.file.testkit.CrashStates#only} makes again.
 */
@NullMarked
package dev.strongroom.file.testkit;

import org.jspecify.annotations.NullMarked;
