// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.InProcessElement;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportProvider;
import dev.strongroom.core.transport.TransportProviders;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One element as all its opens in this process share it: the transport, the gate, a count of opens.
 *
 * <p>Thread safety: thread-safe. A device's own lock is held while its transport is opened or
 * closed, so that a slow reader delays nobody else.
 */
final class Device {

  private static final ConcurrentMap<String, Device> SHARED = new ConcurrentHashMap<>();

  private final @Nullable String identity;
  private final ElementGate gate = new ElementGate();
  private @Nullable Transport transport; // guarded by this
  private @Nullable ApduElement apduElement; // guarded by this
  private int opens; // guarded by this
  private boolean discarded; // guarded by this
  private final Set<ElementSession> sessions = ConcurrentHashMap.newKeySet();
  private @Nullable KnownElement known; // guarded by this

  private Device(@Nullable String identity) {
    this.identity = identity;
  }

  /** The device of a URI, opened if it is not yet. */
  static Device acquire(ElementUri uri) throws StrongroomException {
    TransportProvider provider = TransportProviders.forScheme(uri.scheme());
    String identity = uri.scheme() + ":" + provider.identity(uri);
    while (true) {
      Device device = SHARED.computeIfAbsent(identity, Device::new);
      synchronized (device) {
        if (device.discarded) {
          continue;
        }
        if (device.transport == null) {
          try {
            device.adopt(provider.open(uri));
          } finally {
            if (device.transport == null) {
              device.discard();
            }
          }
        }
        device.opens++;
        return device;
      }
    }
  }

  /** A device of its own around a transport. */
  static Device of(Transport transport) {
    Device device = new Device(null);
    synchronized (device) {
      device.adopt(transport);
      device.opens = 1;
    }
    return device;
  }

  ElementGate gate() {
    return gate;
  }

  ElementCommands openChannel() throws StrongroomException {
    Transport open;
    ApduElement byApdu;
    synchronized (this) {
      open = requireTransport();
      byApdu = apduElement;
    }
    if (open instanceof InProcessElement inProcess) {
      return inProcess.openChannel();
    }
    if (byApdu == null) {
      throw new IllegalStateException("the secure element is closed");
    }
    return byApdu.openChannel();
  }

  boolean isPresent() {
    Transport open;
    synchronized (this) {
      open = requireTransport();
    }
    return open.isPresent();
  }

  String name() {
    Transport open;
    synchronized (this) {
      open = requireTransport();
    }
    return open.name();
  }

  /** Makes sure that the element is still the one that it was. */
  void require(ElementInfo found) throws ElementChangedException {
    KnownElement before;
    synchronized (this) {
      before = known;
    }
    if (before != null) {
      before.require(found);
    }
  }

  /** Tells a session when the element leaves, until {@link #unwatch}. */
  void watch(ElementSession session) {
    sessions.add(session);
  }

  void unwatch(ElementSession session) {
    sessions.remove(session);
  }

  /** Closes the transport with the last open. */
  void release() {
    synchronized (this) {
      if (--opens > 0) {
        return;
      }
      Transport closing = transport;
      ApduElement byApdu = apduElement;
      transport = null;
      apduElement = null;
      known = null;
      try (closing) {
        if (byApdu != null) {
          byApdu.close();
        }
      } finally {
        discard();
      }
    }
  }

  private synchronized void adopt(Transport opened) {
    String name = opened.name();
    KnownElement element = new KnownElement(name);
    ApduElement byApdu =
        opened instanceof InProcessElement ? null : new ApduElement(opened, element);
    transport = opened;
    known = element;
    apduElement = byApdu;
    opened.listen(
        event -> {
          if (event == TransportEvent.LEFT) {
            left(name, byApdu);
          }
        });
  }

  /**
   * Ends every session. On a thread of the transport, so it takes no lock of this device: who
   * closes the transport holds that and may wait for this thread.
   */
  private void left(String name, @Nullable ApduElement byApdu) {
    if (byApdu != null) {
      byApdu.left();
    }
    sessions.forEach(session -> session.lose(new ElementRemovedException(name)));
  }

  private synchronized void discard() {
    discarded = true;
    if (identity != null) {
      SHARED.remove(identity, this);
    }
  }

  private synchronized Transport requireTransport() {
    if (transport == null) {
      throw new IllegalStateException("the secure element is closed");
    }
    return transport;
  }
}
