// SPDX-License-Identifier: Apache-2.0

/** What an application gets to see of the JDBC driver. */
@org.jspecify.annotations.NullMarked
package dev.strongroom.database.internal.jdbc;
