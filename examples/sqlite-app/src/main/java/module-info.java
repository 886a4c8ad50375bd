// SPDX-License-Identifier: Apache-2.0

/** An application that keeps notes in a secure database. */
@org.jspecify.annotations.NullMarked
module dev.strongroom.notes {
  requires static org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.database;

  exports dev.strongroom.notes;
}
