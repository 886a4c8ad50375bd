// SPDX-License-Identifier: Apache-2.0

/**
 * SQLite databases that are secure files: {@link dev.strongroom.database.SecureDatabase} is a
 * {@link javax.sql.DataSource}, everything else is JDBC.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.database;
