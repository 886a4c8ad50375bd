// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Map;
import javax.smartcardio.Card;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the PC/SC service that the JDK's driver keeps for the whole process, and never
 * gives up when it is dead (the same in Java 17 and 25).
 *
 * <p>Where its package was opened to this module, the driver can be made to forget it, so that it
 * makes a new one, and to let a card's transaction be used by all threads. Readers found through
 * the old connection keep it.
 *
 * <p>Thread safety: guarded by the class of the driver, as the driver's own access.
 */
final class DriverConnections {

  private static final String PACKAGE = "sun.security.smartcardio.";

  private final Class<?> driver;
  private final Field contextId;
  private final Field terminals;
  private final Field exclusiveThread;

  private DriverConnections(
      Class<?> driver, Field contextId, Field terminals, Field exclusiveThread) {
    this.driver = driver;
    this.contextId = contextId;
    this.terminals = terminals;
    this.exclusiveThread = exclusiveThread;
  }

  /** The driver's connection, or null where it cannot be reached. */
  static @Nullable DriverConnections find() {
    try {
      Class<?> driver = Class.forName(PACKAGE + "PCSCTerminals");
      return new DriverConnections(
          driver,
          accessible(driver, "contextId"),
          accessible(driver, "terminals"),
          accessible(Class.forName(PACKAGE + "CardImpl"), "exclusiveThread"));
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return null;
    }
  }

  private static Field accessible(Class<?> type, String name) throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /** What Java is to be started with so that {@link #find} finds it. */
  static String javaOption() {
    Module here = DriverConnections.class.getModule();
    return "--add-opens java.smartcardio/sun.security.smartcardio="
        + (here.isNamed() ? here.getName() : "ALL-UNNAMED");
  }

  /** Lets the driver make a new connection when it is asked for readers next. */
  void forget() {
    synchronized (driver) {
      try {
        contextId.setLong(null, 0);
        ((Map<?, ?>) terminals.get(null)).clear();
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("the driver was accessible before", e);
      }
    }
  }

  /**
   * Lets all threads use a card whose transaction one of them has begun. For the service it belongs
   * to the connection to the card; only the driver asks for the thread.
   */
  void unbind(Card card) {
    try {
      exclusiveThread.set(card, null);
    } catch (IllegalAccessException | IllegalArgumentException e) {
      throw new IllegalStateException("the driver was accessible before", e);
    }
  }
}
