// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

/** Kinds of databases that are compared. */
enum DatabaseKind {
  /** A secure database, in a volume with its defaults. */
  STRONGROOM("strongroom"),
  /** The driver that secure databases use, with a rollback journal. */
  TRUNCATE("plain, TRUNCATE"),
  /** The same with a write-ahead log. */
  WAL("plain, WAL"),
  /** Pages in SQLCipher's format, by SQLite3MultipleCiphers. */
  SQLCIPHER("SQLCipher");

  private final String title;

  DatabaseKind(String title) {
    this.title = title;
  }

  /** What tables call it. */
  String title() {
    return title;
  }
}
