// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.transport.ReaderNotFoundException;
import dev.strongroom.core.transport.ServiceUnavailableException;
import dev.strongroom.core.transport.TransportException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.TerminalFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's PC/SC service, as the JDK's driver reaches it.
 *
 * <p>A connection to the service carries one call at a time: a slow card on one reader keeps all
 * others of the process waiting. So each reader gets a connection of its own where {@link
 * DriverConnections} allows it.
 *
 * <p>Thread safety: thread-safe.
 */
final class SmartCardService {

  private static final Logger LOG = LoggerFactory.getLogger(SmartCardService.class);

  private static final String NAME = "PC/SC service";
  private static final String PROPERTIES = "sun.security.smartcardio.";

  /** Where pcsc-lite's library is without the link that only its development package brings. */
  private static final List<String> LIBRARIES =
      List.of(
          "/usr/lib/x86_64-linux-gnu/libpcsclite.so.1",
          "/usr/lib/aarch64-linux-gnu/libpcsclite.so.1",
          "/usr/lib64/libpcsclite.so.1",
          "/usr/lib/libpcsclite.so.1");

  private static final SmartCardService INSTANCE = new SmartCardService();

  private final Map<String, CardTerminal> terminals = new ConcurrentHashMap<>();
  private final @Nullable DriverConnections connections;

  private SmartCardService() {
    configureDriver();
    this.connections = DriverConnections.find();
  }

  static SmartCardService get() {
    return INSTANCE;
  }

  /**
   * Sets what the driver reads once, when a card is first connected to: it must leave 61xx and 6Cxx
   * to the layers above, since it repeats the class byte of the command in GET RESPONSE.
   */
  private static void configureDriver() {
    setDefault("t0GetResponse", "false");
    setDefault("t1GetResponse", "false");
    for (String library : LIBRARIES) {
      if (Files.exists(Path.of(library))) {
        setDefault("library", library);
        return;
      }
    }
  }

  private static void setDefault(String name, String value) {
    if (System.getProperty(PROPERTIES + name) == null) {
      System.setProperty(PROPERTIES + name, value);
    }
  }

  /** Connects to the card in a reader; see {@link ConnectedCard}. */
  ConnectedCard connect(CardTerminal terminal) throws CardException {
    ConnectedCard card = ConnectedCard.connect(terminal);
    if (connections != null) {
      card.unbind(connections);
    }
    return card;
  }

  /** Whether all threads may use a card that is connected to, or only the one that did it. */
  boolean unbindsCards() {
    return connections != null;
  }

  /** The names of all readers, in the service's order. */
  synchronized List<String> readers() throws TransportException {
    return names(list());
  }

  /** Whether there is a card in a reader now; false also if nobody can say so. */
  boolean hasCard(String name) {
    try {
      CardTerminal terminal = reader(name);
      try {
        return terminal.isCardPresent();
      } catch (CardException e) {
        if (!ServiceFault.of(e).serviceIsGone()) {
          return false;
        }
      }
      return again(name, terminal).isCardPresent();
    } catch (TransportException | CardException | RuntimeException e) {
      LOG.trace("no card to be seen in {}", name, e);
      return false;
    }
  }

  /** The reader of that name. */
  CardTerminal reader(String name) throws TransportException {
    CardTerminal known = terminals.get(name);
    return known == null ? find(name) : known;
  }

  private synchronized CardTerminal find(String name) throws TransportException {
    if (connections != null) {
      connections.forget();
    }
    List<CardTerminal> all = list();
    for (CardTerminal terminal : all) {
      if (terminal.getName().equals(name)) {
        terminals.put(name, terminal);
        return terminal;
      }
    }
    throw new ReaderNotFoundException(name, names(all));
  }

  /** The reader of that name after {@code dead} was found to have lost the service. */
  synchronized CardTerminal again(String name, CardTerminal dead) throws TransportException {
    terminals.remove(name, dead);
    if (connections == null) {
      terminals.clear();
    }
    CardTerminal found = terminals.get(name);
    return found == null ? find(name) : found;
  }

  private static List<String> names(List<CardTerminal> terminals) {
    return terminals.stream().map(CardTerminal::getName).toList();
  }

  private List<CardTerminal> list() throws TransportException {
    try {
      return listOnce();
    } catch (CardException e) {
      if (ServiceFault.of(e) == ServiceFault.NO_READERS_AVAILABLE) {
        return List.of();
      }
      if (connections == null) {
        throw restarted(e);
      }
      LOG.debug("the connection to the {} is dead, making a new one", NAME, e);
    }
    connections.forget();
    try {
      return listOnce();
    } catch (CardException e) {
      if (ServiceFault.of(e) == ServiceFault.NO_READERS_AVAILABLE) {
        return List.of();
      }
      throw restarted(e);
    }
  }

  private static List<CardTerminal> listOnce() throws CardException, TransportException {
    try {
      // By type, because getDefault() gives a factory without readers when there is no service.
      return TerminalFactory.getInstance("PC/SC", null).terminals().list();
    } catch (NoSuchAlgorithmException e) {
      LOG.debug("there is no {}", NAME, e);
      throw new ServiceUnavailableException(
          NAME, "start it (on Debian and Ubuntu it is the package pcscd)", e);
    }
  }

  private static ServiceUnavailableException restarted(CardException cause) {
    return new ServiceUnavailableException(
        NAME,
        "it was stopped or restarted under this program; start the program again, and with the Java"
            + " option \""
            + DriverConnections.javaOption()
            + "\" if it shall outlive the service",
        cause);
  }
}
