// SPDX-License-Identifier: Apache-2.0

/** Stores that crash, fail and count, and the contract of a store: the test kit of secure files. */
@org.jspecify.annotations.NullMarked
module dev.strongroom.file.testkit {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.core;
  requires transitive dev.strongroom.file;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;

  exports dev.strongroom.file.testkit;
}
