// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C ends the statement that runs; when none does, what it did before: it ends the process.
 *
 * <p>Signals are not in Java's own interfaces. They are in {@code jdk.unsupported}, which compilers
 * warn of, so it is looked for when it is needed; where there is none, Ctrl-C ends the process.
 *
 * <p>Thread safety: thread-safe; signals come on a thread of their own.
 */
final class StatementInterrupt implements InvocationHandler, AutoCloseable {

  private static final String PACKAGE = "sun.misc.";

  private volatile @Nullable Statement running;
  private @Nullable Object before;

  private StatementInterrupt() {}

  /** Takes Ctrl-C over. */
  static StatementInterrupt watch() {
    StatementInterrupt interrupt = new StatementInterrupt();
    interrupt.before = install(handler(interrupt));
    return interrupt;
  }

  /** Leaves Ctrl-C as it is. */
  static StatementInterrupt none() {
    return new StatementInterrupt();
  }

  /** From now on, this is what Ctrl-C ends. */
  void running(Statement statement) {
    running = statement;
  }

  /** Nothing runs. */
  void over() {
    running = null;
  }

  @Override
  public void close() {
    Object previous = before;
    if (previous != null) {
      install(previous);
    }
  }

  /** The signal. */
  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> arguments != null && proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(this);
        default -> "Ctrl-C";
      };
    }
    Statement statement = running;
    if (statement == null) {
      try {
        return before == null ? null : method.invoke(before, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
    try {
      statement.cancel();
    } catch (SQLException e) {
      // It has ended in this moment.
    }
    return null;
  }

  private static @Nullable Object handler(InvocationHandler to) {
    try {
      Class<?> type = Class.forName(PACKAGE + "SignalHandler");
      return Proxy.newProxyInstance(
          StatementInterrupt.class.getClassLoader(), new Class<?>[] {type}, to);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /** Installs a handler; the one before, or null where there are no signals to be had. */
  private static @Nullable Object install(@Nullable Object handler) {
    if (handler == null) {
      return null;
    }
    try {
      Class<?> signal = Class.forName(PACKAGE + "Signal");
      Class<?> type = Class.forName(PACKAGE + "SignalHandler");
      Object interrupt = signal.getConstructor(String.class).newInstance("INT");
      return signal.getMethod("handle", signal, type).invoke(null, interrupt, handler);
    } catch (ReflectiveOperationException e) {
      return null; // also where the JVM was told to leave signals alone
    }
  }
}
