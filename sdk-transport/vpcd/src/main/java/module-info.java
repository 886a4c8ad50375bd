// SPDX-License-Identifier: Apache-2.0

/** Shows an element to the operating system as a card in a virtual reader. */
@org.jspecify.annotations.NullMarked
module dev.strongroom.vpcd {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.core;
  requires jdk.net;
  requires org.slf4j;

  exports dev.strongroom.vpcd;
}
