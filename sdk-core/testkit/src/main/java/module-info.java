// SPDX-License-Identifier: Apache-2.0

/** Contracts that every transport and element passes, and transports for tests. */
@org.jspecify.annotations.NullMarked
module dev.strongroom.core.testkit {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.core;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;

  exports dev.strongroom.core.testkit;
}
