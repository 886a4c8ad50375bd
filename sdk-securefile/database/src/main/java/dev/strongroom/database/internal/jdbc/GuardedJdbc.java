// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import dev.strongroom.database.internal.vfs.LastFailure;
import dev.strongroom.database.internal.vfs.StatementRefusedException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.ExtendedCommand;

/**
 * An object of the JDBC driver as an application sees it: the interface of {@code java.sql}, and
 * nothing of the driver behind it. All calls go through; what they answer is guarded in the same
 * way. So neither {@code unwrap} nor a cast reaches the driver's own methods, which copy databases
 * to plain files and memory, nor do the commands that it finds in the text of a statement.
 *
 * <p>An exception gets what went wrong in the secure file as its cause.
 *
 * <p>Thread safety: as the guarded object.
 */
public final class GuardedJdbc implements InvocationHandler {

  /** Interfaces whose objects lead to others, or are of classes that do. */
  private static final Set<Class<?>> GUARDED =
      Set.of(
          Connection.class,
          Statement.class,
          PreparedStatement.class,
          CallableStatement.class,
          ResultSet.class,
          DatabaseMetaData.class,
          ResultSetMetaData.class,
          ParameterMetaData.class);

  /** Methods in which there is something to look at, beside those that make statements. */
  private static final Set<String> WATCHED =
      Set.of(
          "equals",
          "hashCode",
          "toString",
          "isWrapperFor",
          "unwrap",
          "getConnection",
          "getURL",
          "getStatement",
          "rollback",
          "close",
          "abort");

  /** Whether a method only answers a value, which the rows of a result are full of. */
  private static final Map<Method, Boolean> ANSWERS_VALUE = new ConcurrentHashMap<>();

  private static final Object[] NOTHING = {};

  private final Object target;
  private final Class<?> type;
  private final @Nullable Object connection; // the guarded one; null in itself
  private final @Nullable Object statement; // the guarded one, of a result
  private final GeneratedKeys keys; // of the connection
  private final GeneratedKeys.@Nullable OfStatement ownKeys; // of a statement
  private final boolean inserts; // a prepared one
  private final Runnable closed;

  private GuardedJdbc(
      Object target,
      Class<?> type,
      @Nullable Object connection,
      @Nullable Object statement,
      GeneratedKeys keys,
      boolean inserts,
      Runnable closed) {
    this.target = target;
    this.type = type;
    this.connection = connection;
    this.statement = statement;
    this.keys = keys;
    this.ownKeys = Statement.class.isAssignableFrom(type) ? keys.new OfStatement() : null;
    this.inserts = inserts;
    this.closed = closed;
  }

  /**
   * Guards a connection.
   *
   * @param connection the driver's
   * @param closed is run when it has been closed
   * @return what the application gets
   */
  public static Connection guard(Connection connection, Runnable closed) {
    return (Connection)
        proxy(
            Connection.class,
            new GuardedJdbc(
                connection,
                Connection.class,
                null,
                null,
                new GeneratedKeys(connection),
                false,
                closed));
  }

  private static Object proxy(Class<?> type, InvocationHandler handler) {
    return Proxy.newProxyInstance(
        GuardedJdbc.class.getClassLoader(), new Class<?>[] {type}, handler);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
      throws Throwable {
    Boolean answersValue = ANSWERS_VALUE.get(method);
    if (answersValue == null) {
      answersValue = answersValue(method);
      ANSWERS_VALUE.put(method, answersValue);
    }
    Object[] arguments = given == null ? NOTHING : given;
    if (answersValue) {
      return call(method, arguments);
    }
    String name = method.getName();
    return switch (name) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "secure " + type.getSimpleName() + "@" + System.identityHashCode(proxy);
      case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(proxy);
      case "unwrap" -> unwrap(proxy, (Class<?>) arguments[0]);
      case "getConnection" -> connection;
      case "getURL" -> // of a database, which only this module opens; or of a column
          type == DatabaseMetaData.class ? null : pass(proxy, method, arguments);
      case "getStatement" -> statement == null ? pass(proxy, method, arguments) : statement;
      default -> pass(proxy, method, arguments);
    };
  }

  private static boolean answersValue(Method method) {
    return !(WATCHED.contains(method.getName())
        || takesStatement(method.getName())
        || GUARDED.contains(method.getReturnType()));
  }

  private @Nullable Object pass(Object proxy, Method method, Object[] arguments) throws Throwable {
    String name = method.getName();
    if (arguments.length > 0 && arguments[0] instanceof String) {
      refuseCommands(name, (String) arguments[0]);
    }
    Object result =
        name.equals("rollback") && arguments.length == 0
            ? rollBack(method)
            : ownKeys != null ? ofStatement(ownKeys, method, arguments) : call(method, arguments);
    if (connection == null && (name.equals("close") || name.equals("abort"))) {
      closed.run();
    }
    boolean insert =
        name.startsWith("prepare")
            && arguments.length > 0
            && GeneratedKeys.areMadeBy((String) arguments[0]);
    return result == null ? null : guarded(proxy, method.getReturnType(), result, insert);
  }

  private @Nullable Object ofStatement(
      GeneratedKeys.OfStatement own, Method method, Object[] arguments) throws Throwable {
    String name = method.getName();
    if (name.equals("getGeneratedKeys")) {
      return own.answer();
    }
    if (name.equals("close")) {
      own.close();
    }
    if (!name.startsWith("execute")) {
      return call(method, arguments);
    }
    synchronized (keys) {
      own.begin();
      Object result = call(method, arguments);
      boolean one = name.equals("execute") || name.endsWith("Update");
      if (one
          && (arguments.length == 0 ? inserts : GeneratedKeys.areMadeBy((String) arguments[0]))) {
        own.inserted();
      }
      return result;
    }
  }

  private static Object unwrap(Object proxy, Class<?> wanted) throws SQLException {
    if (wanted.isInstance(proxy)) {
      return proxy;
    }
    throw new SQLFeatureNotSupportedException(
        "a secure database does not give its driver's " + wanted.getName() + " away");
  }

  /** The driver's own commands, {@code backup to} and {@code restore from}, name plain files. */
  private static void refuseCommands(String method, String text) throws SQLException {
    if (takesStatement(method) && ExtendedCommand.parse(text) != null) {
      throw new SQLFeatureNotSupportedException(
          "a secure database is neither copied to a plain file nor filled from one by a statement");
    }
  }

  private static boolean takesStatement(String method) {
    return method.startsWith("execute")
        || method.startsWith("prepare")
        || method.equals("addBatch");
  }

  private @Nullable Object call(Method method, Object[] arguments) throws Throwable {
    LastFailure.clear();
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      throw thrown instanceof SQLException failed ? explained(failed) : thrown;
    }
  }

  /**
   * Where a failure has made SQLite roll back by itself, the driver refuses to, and would not begin
   * another transaction; so it gets one to roll back.
   */
  private @Nullable Object rollBack(Method method) throws Throwable {
    try {
      return call(method, NOTHING);
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
        throw e;
      }
      try (Statement begin = ((Connection) target).createStatement()) {
        begin.execute("begin");
      }
      return call(method, NOTHING);
    }
  }

  /**
   * A failure of the driver with what was underneath.
   *
   * @param failed as the driver threw it
   * @return what is to be thrown
   */
  public static SQLException explained(SQLException failed) {
    Throwable cause = LastFailure.take();
    if (cause instanceof StatementRefusedException) {
      return new SQLFeatureNotSupportedException(
          cause.getMessage(), failed.getSQLState(), failed.getErrorCode(), failed);
    }
    if (cause != null) {
      if (failed.getCause() == null) {
        failed.initCause(cause);
      } else {
        failed.addSuppressed(cause);
      }
    }
    return failed;
  }

  private Object guarded(Object proxy, Class<?> returned, Object result, boolean insert) {
    if (!GUARDED.contains(returned)) {
      return result;
    }
    Object ofConnection = connection == null ? proxy : connection;
    Object ofStatement = Statement.class.isAssignableFrom(type) ? proxy : null;
    return proxy(
        returned,
        new GuardedJdbc(result, returned, ofConnection, ofStatement, keys, insert, closed));
  }
}
