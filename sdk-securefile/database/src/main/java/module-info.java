// SPDX-License-Identifier: Apache-2.0

/** SQLite databases that are secure files, behind {@code javax.sql}. */
@org.jspecify.annotations.NullMarked
module dev.strongroom.database {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.file;
  requires transitive java.sql;
  requires com.sun.jna;
  requires org.xerial.sqlitejdbc;

  exports dev.strongroom.database;
}
