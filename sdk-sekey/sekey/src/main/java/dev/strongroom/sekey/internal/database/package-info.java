// SPDX-License-Identifier: Apache-2.0

/**
 * Where key management keeps what it knows: {@code SeKeyDatabase} is the database, {@code Schema}
 * its tables, version by version, and each other class one of them.
 */
package dev.strongroom.sekey.internal.database;
