// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * A time as it is stored: i64 seconds since 1970-01-01T00:00:00Z, then u32 nanoseconds, big-endian.
 *
 * <p>Thread safety: stateless.
 */
final class TimeField {

  /** Length in bytes. */
  static final int BYTES = 12;

  private static final int MAX_NANOS = 999_999_999;

  private TimeField() {}

  static void put(ByteBuffer out, Instant time) {
    out.putLong(time.getEpochSecond()).putInt(time.getNano());
  }

  static Instant get(ByteBuffer in) throws FileHeader.Refused {
    long seconds = in.getLong();
    int nanos = in.getInt();
    if (nanos < 0 || nanos > MAX_NANOS) {
      throw new FileHeader.Refused("a time is out of range");
    }
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException | ArithmeticException e) {
      throw new FileHeader.Refused("a time is out of range");
    }
  }
}
