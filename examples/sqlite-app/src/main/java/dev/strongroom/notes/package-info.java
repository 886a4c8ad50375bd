// SPDX-License-Identifier: Apache-2.0

/**
 * An application with a secure database: {@code Schema} makes and migrates the tables, {@code
 * Notes} has the queries, {@code Main} the element, the PIN, and the command line.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.notes;
