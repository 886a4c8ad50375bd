// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.testkit.ForwardingTransport;
import dev.strongroom.core.transport.InProcessElement;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.simulator.SimulatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An element with the serial number and the master keys of another one, and another channel key or
 * none. Closing it leaves the other one open.
 */
final class DisguisedElement extends ForwardingTransport implements InProcessElement {

  private final SimulatedElement inner;
  private final @Nullable ChannelKey key;

  DisguisedElement(SimulatedElement inner, @Nullable ChannelKey key) {
    super(inner);
    this.inner = inner;
    this.key = key;
  }

  @Override
  public ElementCommands openChannel() throws StrongroomException {
    ElementCommands commands = inner.openChannel();
    return (ElementCommands)
        Proxy.newProxyInstance(
            ElementCommands.class.getClassLoader(),
            new Class<?>[] {ElementCommands.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(commands, arguments);
                return answer instanceof ElementInfo info
                    ? disguised(info)
                    : answer instanceof ChannelCertificate certificate && key != null
                        ? new ChannelCertificate(certificate.serialNumber(), key)
                        : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  private ElementInfo disguised(ElementInfo info) {
    Set<Capability> capabilities = EnumSet.copyOf(info.capabilities());
    if (key == null) {
      capabilities.remove(Capability.SECURE_CHANNEL);
    }
    return new ElementInfo(
        info.protocolMajor(),
        info.protocolMinor(),
        info.serialNumber(),
        capabilities,
        info.maxBatch(),
        info.maxRandom(),
        info.versionSlots(),
        info.elementClass(),
        info.suites(),
        info.algorithms(),
        info.description());
  }

  @Override
  public void close() {}

  @Override
  public Transport exposed() {
    return inner.exposed();
  }
}
