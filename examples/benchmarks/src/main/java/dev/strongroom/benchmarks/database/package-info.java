// SPDX-License-Identifier: Apache-2.0

/**
 * Speed of secure databases beside plain SQLite, in both of its journal modes, and SQLCipher's
 * format, each through JDBC.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.benchmarks.database;
