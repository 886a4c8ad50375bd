// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import java.time.Duration;
import java.util.Objects;

/**
 * How a database is opened. By default it is made when it is not there, may be written, and is not
 * checked as a whole.
 *
 * <p>Thread safety: immutable; the builder is confined to one thread.
 */
public final class DatabaseOptions {

  /** How long a statement waits for another connection: 5 s. */
  public static final Duration DEFAULT_BUSY_TIMEOUT = Duration.ofSeconds(5);

  /** Memory for the pages of each connection: 8 MiB. */
  public static final int DEFAULT_CACHE_BYTES = 8 << 20;

  private final Duration busyTimeout;
  private final int cacheBytes;
  private final boolean readOnly;
  private final boolean quickCheck;

  private DatabaseOptions(Builder builder) {
    busyTimeout = builder.busyTimeout;
    cacheBytes = builder.cacheBytes;
    readOnly = builder.readOnly;
    quickCheck = builder.quickCheck;
  }

  /**
   * All defaults.
   *
   * @return the options
   */
  public static DatabaseOptions defaults() {
    return builder().build();
  }

  /**
   * Starts from the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * How long a statement waits for another connection before it fails with {@code SQLITE_BUSY}.
   *
   * @return the time, zero to fail at once
   */
  public Duration busyTimeout() {
    return busyTimeout;
  }

  /**
   * Memory for the pages of each connection, outside of the Java heap; beyond it, changes of an
   * open transaction go to the secure file, not yet committed.
   *
   * @return bytes
   */
  public int cacheBytes() {
    return cacheBytes;
  }

  /**
   * Whether nothing may be written.
   *
   * @return whether connections only read
   */
  public boolean readOnly() {
    return readOnly;
  }

  /**
   * Whether the open reads the whole database and checks it.
   *
   * @return whether {@code PRAGMA quick_check} is run
   */
  public boolean quickCheck() {
    return quickCheck;
  }

  /**
   * Collects options.
   *
   * <p>Thread safety: confined to one thread.
   */
  public static final class Builder {

    private Duration busyTimeout = DEFAULT_BUSY_TIMEOUT;
    private int cacheBytes = DEFAULT_CACHE_BYTES;
    private boolean readOnly;
    private boolean quickCheck;

    private Builder() {}

    /**
     * Sets how long a statement waits for another connection.
     *
     * @param time the time, to the millisecond
     * @return this
     * @throws IllegalArgumentException if it is negative or longer than 2^31 - 1 ms
     */
    public Builder busyTimeout(Duration time) {
      if (time.isNegative() || time.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
        throw new IllegalArgumentException("a busy timeout is 0 to 2^31 - 1 ms, not " + time);
      }
      busyTimeout = Objects.requireNonNull(time);
      return this;
    }

    /**
     * Sets the memory for the pages of each connection.
     *
     * @param bytes at least 64 KiB
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public Builder cacheBytes(int bytes) {
      if (bytes < 64 << 10) {
        throw new IllegalArgumentException("a page cache has 65536 bytes at least, not " + bytes);
      }
      cacheBytes = bytes;
      return this;
    }

    /**
     * Only reads.
     *
     * @return this
     */
    public Builder readOnly() {
      readOnly = true;
      return this;
    }

    /**
     * Reads the whole database at the open and checks it.
     *
     * @return this
     */
    public Builder quickCheck() {
      quickCheck = true;
      return this;
    }

    /**
     * The options as they are now.
     *
     * @return the options
     */
    public DatabaseOptions build() {
      return new DatabaseOptions(this);
    }
  }
}
