// SPDX-License-Identifier: Apache-2.0

/** Databases as text: scripts of SQL statements, written and read. */
@org.jspecify.annotations.NullMarked
package dev.strongroom.database.internal.script;
