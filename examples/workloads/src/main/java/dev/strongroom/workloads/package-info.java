// SPDX-License-Identifier: Apache-2.0

/**
 * Pieces of work on files, timed in the same way whoever keeps the files.
 *
 * <p>A {@link dev.strongroom.workloads.Peer} keeps files. A {@link
 * dev.strongroom.workloads.Contender} is a peer with what its files should hold; it runs {@link
 * dev.strongroom.workloads.Workload}s, and everything that it reads is checked, in the timed part
 * by a stamp in each sector and outside it byte by byte. {@link dev.strongroom.workloads.Figures}
 * collects what was measured.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.workloads;
