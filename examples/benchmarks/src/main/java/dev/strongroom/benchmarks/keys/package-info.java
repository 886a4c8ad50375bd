// SPDX-License-Identifier: Apache-2.0

/**
 * Speed of keys that an element holds, beside providers of the Java platform: the same operations
 * in one process, in turns.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.benchmarks.keys;
