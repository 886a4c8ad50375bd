// SPDX-License-Identifier: Apache-2.0

/**
 * Speed of secure files beside plain files, cryptofs and gocryptfs, in one run on one disk.
 *
 * <p>{@link dev.strongroom.benchmarks.Benchmarks} runs every {@link
 * dev.strongroom.workloads.Workload} on every one of the {@code Entrants}, round by round and in
 * changing order, makes {@code Row}s of the figures, and writes them into a {@code Page}, a section
 * for each release of Java. What does not compare peers is a {@code Section} of its own.
 */
@NullMarked
package dev.strongroom.benchmarks;

import org.jspecify.annotations.NullMarked;
