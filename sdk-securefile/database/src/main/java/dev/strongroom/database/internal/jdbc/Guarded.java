// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * What all guarded objects say of themselves.
 *
 * <p>Thread safety: thread-safe.
 */
final class Guarded {

  private Guarded() {}

  static <T> T unwrap(Object guarded, Class<T> wanted) throws SQLException {
    if (wanted.isInstance(guarded)) {
      return wanted.cast(guarded);
    }
    throw new SQLFeatureNotSupportedException(
        "a secure database does not give its driver's " + wanted.getName() + " away");
  }

  static String name(Object guarded, Class<?> type) {
    return "secure " + type.getSimpleName() + "@" + System.identityHashCode(guarded);
  }
}
