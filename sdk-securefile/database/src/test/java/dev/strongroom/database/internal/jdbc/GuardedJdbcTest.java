// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.database.internal.jdbc.StandInDriver.Call;
import dev.strongroom.database.internal.vfs.LastFailure;
import dev.strongroom.database.internal.vfs.Underneath;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every method of every object of JDBC, of whatever release of Java runs this. */
@Tag("jdk25")
class GuardedJdbcTest {

  private static final String COMMAND = "backup to 'plain'";

  /** What is answered without the driver, or refused. */
  private static final Set<String> OWN =
      Set.of(
          "Connection.prepareCall",
          "DatabaseMetaData.getConnection",
          "DatabaseMetaData.getURL",
          "PreparedStatement.getConnection",
          "PreparedStatement.getGeneratedKeys", // asks in its own way
          "ResultSet.getStatement",
          "Statement.getConnection",
          "Statement.getGeneratedKeys");

  private final StandInDriver driver = new StandInDriver();
  private final List<String> closed = new ArrayList<>();
  private Connection connection;

  @BeforeEach
  void guard() {
    connection = GuardedConnection.guard(driver.connection(), () -> closed.add("closed"));
  }

  @AfterEach
  void forget() {
    LastFailure.clear();
  }

  /** The interface of {@code java.sql} that an object is of. */
  private static Class<?> interfaceOf(Object object) {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getInterfaces().length > 0) {
        return type.getInterfaces()[0];
      }
    }
    throw new AssertionError(object.getClass());
  }

  private static String name(Class<?> type, Method method) {
    return type.getSimpleName() + "." + method.getName();
  }

  private static List<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !method.getDeclaringClass().equals(Wrapper.class))
        .filter(method -> !method.getName().matches("equals|hashCode|toString")) // of RowId
        .toList();
  }

  /** Something else for each parameter; texts as given, with blanks behind. */
  private static Object[] arguments(Method method, String text) {
    Class<?>[] types = method.getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      if (types[i].equals(String.class)) {
        arguments[i] = text + " ".repeat(i);
      } else if (types[i].equals(int.class)) {
        arguments[i] = 100 + i;
      } else if (types[i].equals(long.class)) {
        arguments[i] = 100L + i;
      } else if (types[i].isArray()) {
        arguments[i] = Array.newInstance(types[i].getComponentType(), 1);
      } else {
        arguments[i] = StandInDriver.value(types[i]);
      }
    }
    return arguments;
  }

  private static @Nullable Object answer(Object object, Method method, Object... arguments)
      throws Throwable {
    try {
      return method.invoke(object, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** One object of each kind that the connection leads to, itself among them. */
  private Map<Class<?>, Object> objects() throws Throwable {
    Map<Class<?>, Object> found = new LinkedHashMap<>();
    Deque<Object> toVisit = new ArrayDeque<>(List.of(connection));
    while (!toVisit.isEmpty()) {
      Object object = toVisit.remove();
      Class<?> type = interfaceOf(object);
      if (found.putIfAbsent(type, object) == null) {
        for (Method method : methods(type)) {
          if (StandInDriver.leadsOn(method.getReturnType())
              && !method.getName().equals("prepareCall")) {
            Object answer = answer(object, method, arguments(method, "select 1"));
            assertThat(StandInDriver.isOfTheDriver(answer)).as(name(type, method)).isFalse();
            assertThat(answer).as(name(type, method)).isInstanceOf(method.getReturnType());
            toVisit.add(answer);
          }
        }
      }
    }
    driver.calls();
    return found;
  }

  @Test
  void allObjectsAreGuarded() throws Throwable {
    assertThat(objects())
        .containsKeys(
            Connection.class,
            Statement.class,
            PreparedStatement.class,
            ResultSet.class,
            DatabaseMetaData.class,
            ResultSetMetaData.class,
            ParameterMetaData.class,
            Savepoint.class,
            Clob.class,
            NClob.class,
            Blob.class);
  }

  @Test
  void allCallsGoThroughAsTheyAre() throws Throwable {
    for (Map.Entry<Class<?>, Object> each : objects().entrySet()) {
      for (Method method : methods(each.getKey())) {
        String name = name(each.getKey(), method);
        if (OWN.contains(name) || method.isDefault()) {
          continue;
        }
        Object[] arguments = arguments(method, "select 1");
        Object answer = answer(each.getValue(), method, arguments);
        Call last =
            driver.calls().stream().filter(call -> call.isOf(method)).findFirst().orElse(null);
        assertThat(last).as(name).isNotNull();
        for (int i = 0; i < arguments.length; i++) {
          Object given = arguments[i] == null ? "null" : arguments[i];
          assertThat(last.arguments().get(i)).as(name).isEqualTo(given);
        }
        if (!StandInDriver.leadsOn(method.getReturnType())) {
          assertThat(answer).as(name).isEqualTo(StandInDriver.value(method.getReturnType()));
        }
      }
    }
    assertThat(closed).containsExactly("closed", "closed"); // by close and by abort
  }

  /** Where the driver does better than the interface's default, its method is called. */
  @Test
  void defaultsOfTheInterfacesAreUsedOnlyWhereTheDriverDoes() throws Throwable {
    Map<Class<?>, Object> guarded = objects();
    try (Connection plain = DriverManager.getConnection("jdbc:sqlite::memory:");
        PreparedStatement prepared = plain.prepareStatement("select 1");
        Statement statement = plain.createStatement();
        ResultSet rows = statement.executeQuery("select 1")) {
      List<Object> theirs =
          List.of(plain, prepared, statement, rows, plain.getMetaData(), rows.getMetaData());
      List<Class<?>> types =
          List.of(
              Connection.class,
              PreparedStatement.class,
              Statement.class,
              ResultSet.class,
              DatabaseMetaData.class,
              ResultSetMetaData.class);
      for (int i = 0; i < types.size(); i++) {
        Object ours = Objects.requireNonNull(guarded.get(types.get(i)));
        for (Method method : methods(types.get(i))) {
          if (!implementation(theirs.get(i), method).isInterface()) {
            assertThat(implementation(ours, method))
                .as(name(types.get(i), method))
                .matches(type -> !type.isInterface());
          }
        }
      }
    }
  }

  private static Class<?> implementation(Object object, Method method) throws Exception {
    return object
        .getClass()
        .getMethod(method.getName(), method.getParameterTypes())
        .getDeclaringClass();
  }

  @Test
  void noMethodIsWayForCommandsOfTheDriver() throws Throwable {
    Set<String> refused = new TreeSet<>();
    Set<String> passed = new TreeSet<>();
    for (Map.Entry<Class<?>, Object> each : objects().entrySet()) {
      for (Method method : methods(each.getKey())) {
        if (Arrays.asList(method.getParameterTypes()).contains(String.class)) {
          try {
            answer(each.getValue(), method, arguments(method, COMMAND));
          } catch (SQLFeatureNotSupportedException e) {
            refused.add(name(each.getKey(), method));
          } catch (SQLException e) {
            assertThat((Throwable) e)
                .hasMessageContaining("Invalid"); // of quotes that are no identifiers
          }
          driver.calls().stream()
              .filter(call -> call.arguments().stream().anyMatch(GuardedJdbcTest::isCommand))
              .forEach(call -> passed.add(call.method().getName()));
        }
      }
    }
    assertThat(refused)
        .contains(
            "Connection.prepareStatement",
            "Statement.addBatch",
            "Statement.execute",
            "Statement.executeLargeUpdate",
            "Statement.executeQuery",
            "Statement.executeUpdate",
            "PreparedStatement.addBatch",
            "PreparedStatement.execute");
    assertThat(passed.stream().filter(name -> name.matches("(execute|prepare|addBatch).*")))
        .isEmpty();
    Set<String> noColumns =
        passed.stream().filter(name -> !name.matches("(get|set|update|find).*")).collect(toSet());
    assertThat(noColumns) // and no parameters: what else takes a text
        .containsExactlyInAnyOrder("createArrayOf", "createStruct", "nativeSQL", "position");
  }

  private static boolean isCommand(Object argument) {
    return argument instanceof String text && text.strip().equals(COMMAND);
  }

  @Test
  void failuresHaveTheirCause() throws Throwable {
    Set<String> bare = new TreeSet<>();
    for (Map.Entry<Class<?>, Object> each : objects().entrySet()) {
      for (Method method : methods(each.getKey())) {
        String name = name(each.getKey(), method);
        if (OWN.contains(name) || method.isDefault() || !throwsFailures(method)) {
          continue;
        }
        Underneath.fails(new IOException("of another call, long ago"));
        IOException cause = new IOException("the sector is damaged");
        Throwable failed = failure(each.getValue(), method, cause);
        if (failed.getCause() == null) {
          bare.add(name);
          LastFailure.clear();
        } else {
          assertThat(failed).as(name).hasCause(cause);
        }
        assertThat(cause.getSuppressed()).as(name).isEmpty();
      }
    }
    assertThat(bare)
        .allMatch(
            name ->
                name.matches(
                    "(PreparedStatement|ResultSet)[.].*|.*[.](cancel|isClosed|getAutoCommit|setClientInfo|toString)"))
        .contains("ResultSet.getLong", "PreparedStatement.setLong")
        .doesNotContain("ResultSet.next", "ResultSet.close", "PreparedStatement.executeUpdate");
  }

  /** Fails each call of the driver in one of ours, with a failure underneath; what is thrown. */
  private Throwable failure(Object object, Method method, IOException cause) {
    driver.failing(
        () -> {
          Underneath.fails(cause);
          throw new SQLException("as the driver says it");
        });
    try {
      return assertThatThrownBy(() -> answer(object, method, arguments(method, "select 1")))
          .as(method.toString())
          .isInstanceOf(SQLException.class)
          .actual();
    } finally {
      driver.failing(null);
    }
  }

  private static boolean throwsFailures(Method method) {
    return Arrays.asList(method.getExceptionTypes()).contains(SQLException.class);
  }

  @Test
  void whatFailedBeforeIsNoCause() throws Throwable {
    Underneath.fails(new IOException("of another call, long ago"));
    driver.failing(
        () -> {
          throw new SQLException("as the driver says it");
        });
    for (Method method : methods(Connection.class)) {
      if (!method.isDefault()
          && throwsFailures(method)
          && !method.getName().equals("prepareCall")) {
        try {
          answer(connection, method, arguments(method, "select 1"));
        } catch (SQLException e) {
          assertThat((Throwable) e).as(method.getName()).hasNoCause();
        }
      }
    }
  }
}
