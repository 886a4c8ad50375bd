// SPDX-License-Identifier: Apache-2.0

/** Key management for groups of users whose elements hold the keys. */
@org.jspecify.annotations.NullMarked
// Micrometer has no descriptor.
@SuppressWarnings("requires-automatic")
module dev.strongroom.sekey {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.core;
  requires dev.strongroom.database;
  requires transitive dev.strongroom.file;
  requires static micrometer.core;

  exports dev.strongroom.sekey;
  exports dev.strongroom.sekey.audit;
  exports dev.strongroom.sekey.envelope;
  exports dev.strongroom.sekey.metrics;
  exports dev.strongroom.sekey.model;
  exports dev.strongroom.sekey.policy;
  exports dev.strongroom.sekey.schedule;
  exports dev.strongroom.sekey.selection;
}
