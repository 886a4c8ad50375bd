// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the PC/SC service that the JDK's driver keeps for the whole process, and never
 * gives up when it is dead (the same in Java 17 and 25).
 *
 * <p>Where its package was opened to this module, the driver can be made to forget it, so that it
 * makes a new one. Readers found through the old one keep it.
 *
 * <p>Thread safety: guarded by the class of the driver, as the driver's own access.
 */
final class DriverConnections {

  private static final String DRIVER = "sun.security.smartcardio.PCSCTerminals";

  private final Class<?> driver;
  private final Field contextId;
  private final Field terminals;

  private DriverConnections(Class<?> driver, Field contextId, Field terminals) {
    this.driver = driver;
    this.contextId = contextId;
    this.terminals = terminals;
  }

  /** The driver's connection, or null where it cannot be reached. */
  static @Nullable DriverConnections find() {
    try {
      Class<?> driver = Class.forName(DRIVER);
      Field contextId = driver.getDeclaredField("contextId");
      Field terminals = driver.getDeclaredField("terminals");
      contextId.setAccessible(true);
      terminals.setAccessible(true);
      return new DriverConnections(driver, contextId, terminals);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return null;
    }
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
}
