// SPDX-License-Identifier: Apache-2.0

/**
 * Speed of secure files beside plain files and cryptofs, in one run on one disk.
 *
 * <p>{@link dev.strongroom.benchmarks.Benchmarks} runs every {@code Workload} on every {@code
 * Peer}, round by round and in changing order, and prints medians and ratios.
 */
@NullMarked
package dev.strongroom.benchmarks;

import org.jspecify.annotations.NullMarked;
