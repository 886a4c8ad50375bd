// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import java.io.Closeable;
import javax.sql.DataSource;

/**
 * A database of one kind that is open.
 *
 * <p>Thread safety: as the source.
 */
interface DatabaseHome extends Closeable {

  /** Where its connections come from; they are in auto-commit mode and sync each commit. */
  DataSource source();
}
