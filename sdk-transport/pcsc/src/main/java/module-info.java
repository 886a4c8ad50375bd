// SPDX-License-Identifier: Apache-2.0

/**
 * Elements in the readers of the operating system's PC/SC service. It serves element URIs of the
 * form {@code pcsc:READER}.
 *
 * @provides dev.strongroom.core.transport.TransportProvider for the scheme {@code pcsc}
 */
@org.jspecify.annotations.NullMarked
module dev.strongroom.pcsc {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.core;
  requires java.smartcardio;
  requires org.slf4j;

  exports dev.strongroom.pcsc;

  provides dev.strongroom.core.transport.TransportProvider with
      dev.strongroom.pcsc.PcscProvider;
}
