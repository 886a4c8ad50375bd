// SPDX-License-Identifier: Apache-2.0

/** Secure files and volumes whose keys a secure element holds. */
@org.jspecify.annotations.NullMarked
module dev.strongroom.file {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.core;
  requires org.bouncycastle.provider;
  requires org.slf4j;

  exports dev.strongroom.file;
  exports dev.strongroom.file.check;
  exports dev.strongroom.file.store;
}
