// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A driver of which every method answers: objects of {@code java.sql} where it has to, always the
 * same value otherwise.
 */
final class StandInDriver implements InvocationHandler {

  private static final Map<Class<?>, Object> VALUES =
      Map.ofEntries(
          Map.entry(boolean.class, true),
          Map.entry(byte.class, (byte) 7),
          Map.entry(short.class, (short) 7),
          Map.entry(int.class, 7),
          Map.entry(long.class, 7L),
          Map.entry(float.class, 7f),
          Map.entry(double.class, 7d),
          Map.entry(String.class, "seven"),
          Map.entry(Object.class, "any"));

  private final List<Call> calls = new ArrayList<>();
  private @Nullable Failure failure;

  /** A method that was called, with what. */
  record Call(Method method, List<Object> arguments) {

    boolean isOf(Method other) {
      return method.getName().equals(other.getName())
          && List.of(method.getParameterTypes()).equals(List.of(other.getParameterTypes()));
    }
  }

  /** What a call does instead of answering. */
  interface Failure {
    void fail() throws Exception;
  }

  Connection connection() {
    return standIn(Connection.class);
  }

  /** What was called since this was asked the last time. */
  List<Call> calls() {
    List<Call> seen = List.copyOf(calls);
    calls.clear();
    return seen;
  }

  /** From now on all calls fail; or none, with null. */
  void failing(@Nullable Failure how) {
    failure = how;
  }

  private <T> T standIn(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(StandInDriver.class.getClassLoader(), new Class<?>[] {type}, this));
  }

  static boolean isOfTheDriver(@Nullable Object object) {
    return object != null
        && Proxy.isProxyClass(object.getClass())
        && Proxy.getInvocationHandler(object) instanceof StandInDriver;
  }

  /** What every method of a type answers; null for one that has no usual value. */
  static @Nullable Object value(Class<?> type) {
    return VALUES.get(type);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    assertThat(method.getDeclaringClass()).isNotEqualTo(Object.class);
    List<Object> given = new ArrayList<>();
    if (arguments != null) {
      for (Object each : arguments) {
        given.add(each == null ? "null" : each);
      }
    }
    calls.add(new Call(method, given));
    if (failure != null) {
      failure.fail();
    }
    Class<?> type = method.getReturnType();
    return leadsOn(type) ? standIn(type) : VALUES.get(type);
  }

  /** Whether objects of a type have methods of the driver. */
  static boolean leadsOn(Class<?> type) {
    return type.isInterface() && type.getPackageName().equals("java.sql");
  }
}
