// SPDX-License-Identifier: Apache-2.0

/**
 * The simulated secure element.
 *
 * <p>{@link dev.strongroom.simulator.SimulatedElement} is a whole element: its application, its
 * PINs and try counters, its state on a store. Programs reach one in a file by its URI, {@code
 * SecureElement.open("sim:PATH")}; tests make one in memory. The file is laid out in {@code
 * docs/spec/simulated-element-file.md}, the commands in {@code docs/spec/element-protocol.md}.
 *
 * <p>What it cannot promise: its file can be copied, so the number of PIN tries is limited by
 * Argon2id's cost and not by hardware, and whoever may read this process's memory can read its
 * keys.
 *
 * <p>Invariants of the store: an update is either there or not, whenever power fails; a try is
 * counted, and on the medium, before a PIN is looked at; what an update removes is gone from both
 * copies when it returns.
 */
@NullMarked
package dev.strongroom.simulator;

import org.jspecify.annotations.NullMarked;
