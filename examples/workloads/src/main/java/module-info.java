// SPDX-License-Identifier: Apache-2.0

/** Pieces of work on files, timed in the same way whoever keeps the files. */
@org.jspecify.annotations.NullMarked
module dev.strongroom.workloads {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.file;
  requires java.management;
  requires jdk.management;

  exports dev.strongroom.workloads;
}
