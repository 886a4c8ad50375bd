// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import java.sql.SQLException;
import java.util.Map;

/** What is measured, with the speed that is to be reached, in parts of that of others. */
enum DatabaseWork {
  COMMIT_1("commit of one row, auto-commit", "commits/s", Goal.COMMIT, DatabaseWork::commit1),
  COMMIT_10("commit of 10 rows", "commits/s", Goal.COMMIT, DatabaseWork::commit10),
  COMMIT_100("commit of 100 rows", "commits/s", Goal.NONE, DatabaseWork::commit100),
  COMMIT_1000("commit of 1,000 rows", "commits/s", Goal.NONE, DatabaseWork::commit1000),
  BATCH("batch insert, one transaction", "rows/s", Goal.NONE, (c, s) -> c.batch()),
  UPDATE("update in random order, one transaction", "rows/s", Goal.NONE, (c, s) -> c.updates()),
  POINT("point select, in SQLite's cache", "rows/s", Goal.POINT, (c, s) -> c.points(CacheCase.ALL)),
  POINT_VOLUME(
      "point select, in the volume's cache",
      "rows/s",
      Goal.POINT,
      (c, s) -> c.points(CacheCase.VOLUME)),
  POINT_LARGE(
      "point select, in neither", "rows/s", Goal.POINT, (c, s) -> c.points(CacheCase.LARGE)),
  POINT_FRESH("point select, prepared each time", "rows/s", Goal.NONE, (c, s) -> c.freshPoints()),
  SUM("scan in SQL, in SQLite's cache", "rows/s", Goal.SCAN, (c, s) -> c.sums(CacheCase.ALL)),
  SUM_VOLUME(
      "scan in SQL, in the volume's cache",
      "rows/s",
      Goal.SCAN_UNCACHED,
      (c, s) -> c.sums(CacheCase.VOLUME)),
  SUM_LARGE(
      "scan in SQL, in neither", "rows/s", Goal.SCAN_UNCACHED, (c, s) -> c.sums(CacheCase.LARGE)),
  SCAN("scan by JDBC, in SQLite's cache", "rows/s", Goal.SCAN, (c, s) -> c.scan(CacheCase.ALL)),
  SCAN_LARGE(
      "scan by JDBC, in neither", "rows/s", Goal.SCAN_UNCACHED, (c, s) -> c.scan(CacheCase.LARGE)),
  INDEX("index of a text column", "rows/s", Goal.NONE, (c, s) -> c.index()),
  VACUUM("VACUUM", "rows/s", Goal.NONE, (c, s) -> c.vacuum()),
  POOL("connection from a pool, one row", "loans/s", Goal.NONE, (c, s) -> c.pool());

  /** SQLite's cache where nothing else is said, in KiB. */
  static final int USUAL_CACHE = 8 << 10;

  /** Speeds to reach, as parts of others' speeds; everybody is to be faster than SQLCipher. */
  private enum Goal {
    /** At most 0.7 and 1.3 times the time. */
    COMMIT(Map.of(DatabaseKind.TRUNCATE, 1 / 0.7, DatabaseKind.WAL, 1 / 1.3)),
    POINT(Map.of(DatabaseKind.TRUNCATE, 0.8)),
    SCAN(Map.of(DatabaseKind.TRUNCATE, 0.8)),
    SCAN_UNCACHED(Map.of(DatabaseKind.TRUNCATE, 0.6)),
    NONE(Map.of());

    @SuppressWarnings("ImmutableEnumChecker") // by Map.of
    private final Map<DatabaseKind, Double> parts;

    Goal(Map<DatabaseKind, Double> parts) {
      this.parts = parts;
    }
  }

  /** Does the work; answers operations per second. */
  private interface Body {
    double run(DatabaseContender contender, DatabaseSize size) throws SQLException;
  }

  private final String title;
  private final String unit;
  private final Goal goal;

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final Body body;

  DatabaseWork(String title, String unit, Goal goal, Body body) {
    this.title = title;
    this.unit = unit;
    this.goal = goal;
    this.body = body;
  }

  private static double commit1(DatabaseContender contender, DatabaseSize size)
      throws SQLException {
    return contender.commits(size.commits(), 1);
  }

  private static double commit10(DatabaseContender contender, DatabaseSize size)
      throws SQLException {
    return contender.commits(Math.max(2, size.commits() / 5), 10);
  }

  private static double commit100(DatabaseContender contender, DatabaseSize size)
      throws SQLException {
    return contender.commits(Math.max(2, size.commits() / 20), 100);
  }

  private static double commit1000(DatabaseContender contender, DatabaseSize size)
      throws SQLException {
    return contender.commits(Math.max(2, size.commits() / 60), 1000);
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  /** The speed to reach, as a part of another one's; 0 where none is set. */
  double goal(DatabaseKind other) {
    return other == DatabaseKind.SQLCIPHER ? 1 : goal.parts.getOrDefault(other, 0.0);
  }

  double run(DatabaseContender contender, DatabaseSize size) throws SQLException {
    return body.run(contender, size);
  }
}
