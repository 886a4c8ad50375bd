// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import dev.strongroom.database.internal.vfs.LastFailure;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An object of the driver that is asked rarely, such as the description of a database, guarded as
 * the {@linkplain GuardedConnection connection} is: one class for all such interfaces, where a call
 * costs a reflective one.
 *
 * <p>Thread safety: as the guarded object.
 */
final class GuardedObject implements InvocationHandler {

  private final Object target;
  private final Class<?> type;
  private final GuardedConnection connection;

  private GuardedObject(Object target, Class<?> type, GuardedConnection connection) {
    this.target = target;
    this.type = type;
    this.connection = connection;
  }

  /**
   * Guards an object.
   *
   * @param type its interface, of which no method takes or answers a statement
   * @param object the driver's
   * @param connection the guarded one
   * @return what the application gets
   */
  static <T> T guard(Class<T> type, T object, GuardedConnection connection) {
    return type.cast(
        Proxy.newProxyInstance(
            GuardedObject.class.getClassLoader(),
            new Class<?>[] {type},
            new GuardedObject(object, type, connection)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    return switch (method.getName()) {
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> Guarded.name(proxy, type);
      case "isWrapperFor" -> arguments != null && ((Class<?>) arguments[0]).isInstance(proxy);
      case "unwrap" -> arguments == null ? null : Guarded.unwrap(proxy, (Class<?>) arguments[0]);
      case "getConnection" -> connection;
      case "getURL" -> // of a database, which only this module opens
          type == DatabaseMetaData.class ? null : call(method, arguments);
      default -> guarded(call(method, arguments));
    };
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    LastFailure.clear();
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      throw thrown instanceof SQLException failed ? DriverCall.explained(failed) : thrown;
    }
  }

  private @Nullable Object guarded(@Nullable Object result) {
    return result instanceof ResultSet rows ? connection.rows(rows, null) : result;
  }
}
