// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

/** Which caches hold what is read. */
enum CacheCase {
  /** SQLite's own. */
  ALL(64 << 10),
  /** The volume's, or the operating system's; not SQLite's. */
  VOLUME(512),
  /** For a larger database only the operating system's. */
  LARGE(512);

  /** Bytes of the cache of the volume with the larger database. */
  static final long SMALL_VOLUME_CACHE = 4 << 20;

  private final int kibibytes;

  CacheCase(int kibibytes) {
    this.kibibytes = kibibytes;
  }

  /** What SQLite's cache has. */
  int kibibytes() {
    return kibibytes;
  }
}
