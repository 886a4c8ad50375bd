// SPDX-License-Identifier: Apache-2.0

/** The shortest program that keeps a secret in a secure file. */
@org.jspecify.annotations.NullMarked
module dev.strongroom.quickstart {
  requires static org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.database;
  requires dev.strongroom.file;

  exports dev.strongroom.quickstart;
}
