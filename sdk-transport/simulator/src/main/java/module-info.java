// SPDX-License-Identifier: Apache-2.0

/**
 * The simulated secure element: the element application in plain Java, on a store that survives
 * loss of power. It serves element URIs of the form {@code sim:PATH}.
 *
 * @provides dev.strongroom.core.transport.TransportProvider for the scheme {@code sim}
 */
@org.jspecify.annotations.NullMarked
module dev.strongroom.simulator {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.core;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;

  exports dev.strongroom.simulator;

  provides dev.strongroom.core.transport.TransportProvider with
      dev.strongroom.simulator.SimulatorProvider;
}
