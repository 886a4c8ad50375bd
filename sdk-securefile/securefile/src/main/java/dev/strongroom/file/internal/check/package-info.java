// SPDX-License-Identifier: Apache-2.0

/**
 * Reading whole host files, from their beginning to their end: what a check and a salvage have in
 * common. Knows the format and the store, not the engine.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.file.internal.check;
