// SPDX-License-Identifier: Apache-2.0

/**
 * Values, the transport service provider interface and the device abstraction on which every other
 * Strongroom module stands.
 *
 * @uses dev.strongroom.core.transport.TransportProvider transports are found by service loading
 */
@org.jspecify.annotations.NullMarked
module dev.strongroom.core {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires org.bouncycastle.provider;
  requires org.slf4j;

  exports dev.strongroom.core;
  exports dev.strongroom.core.apdu;
  exports dev.strongroom.core.crypto;
  exports dev.strongroom.core.channel;
  exports dev.strongroom.core.device;
  exports dev.strongroom.core.identity;
  exports dev.strongroom.core.keys;
  exports dev.strongroom.core.transport;

  uses dev.strongroom.core.transport.TransportProvider;
}
