// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.ffi;

import static java.lang.invoke.MethodHandles.catchException;
import static java.lang.invoke.MethodHandles.constant;
import static java.lang.invoke.MethodHandles.dropArguments;
import static java.lang.invoke.MethodHandles.dropReturn;
import static java.lang.invoke.MethodHandles.explicitCastArguments;
import static java.lang.invoke.MethodHandles.filterReturnValue;
import static java.lang.invoke.MethodHandles.insertArguments;
import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Native access by the foreign function and memory interface of Java 22 and later (<a
 * href="https://openjdk.org/jeps/454">JEP 454</a>).
 *
 * <p>This class is compiled for an older Java, so it finds that interface by its names, once. What
 * is called later are constant method handles, which are as fast as calls that were compiled.
 *
 * <p>An upcall that throws would end the process; so it answers a failure, see {@link Upcall}.
 *
 * <p>Thread safety: thread-safe.
 */
public final class FfmAccess implements ForeignAccess {

  /** The first release that has the interface. */
  private static final int FIRST_RELEASE = 22;

  private static final String PACKAGE = "java.lang.foreign.";

  private final Map<Callee, MethodHandle> callees = new ConcurrentHashMap<>();

  /** A native function that was called. */
  private record Callee(long function, Signature signature) {}

  private FfmAccess() {}

  /** Whether this Java has the interface. */
  public static boolean isPresent() {
    return Runtime.version().feature() >= FIRST_RELEASE;
  }

  /**
   * Finds the interface.
   *
   * @throws LinkageError if it is not as it must be, or if its use is denied
   */
  public static FfmAccess open() {
    FfmAccess access = new FfmAccess();
    access.getLong(access.allocate(Long.BYTES)); // so that what is missing is missed now
    return access;
  }

  /** Names of the interface. */
  private static final class Names {

    static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    static final Class<?> SEGMENT = type("MemorySegment");
    static final Class<?> ARENA = type("Arena");
    static final Class<?> LAYOUT = type("MemoryLayout");
    static final Class<?> VALUE_LAYOUT = type("ValueLayout");
    static final Class<?> DESCRIPTOR = type("FunctionDescriptor");
    static final Class<?> LINKER = type("Linker");
    static final Class<?> OPTIONS = type("Linker$Option").arrayType();
    static final Class<?> LAYOUTS = LAYOUT.arrayType();

    private Names() {}

    static Class<?> type(String name) {
      try {
        return Class.forName(PACKAGE + name);
      } catch (ClassNotFoundException e) {
        throw new NoClassDefFoundError(e.getMessage());
      }
    }

    static MethodHandle method(Class<?> owner, String name, Class<?> result, Class<?>... types) {
      try {
        return LOOKUP.findVirtual(owner, name, methodType(result, types));
      } catch (ReflectiveOperationException e) {
        throw missing(e);
      }
    }

    static MethodHandle function(Class<?> owner, String name, Class<?> result, Class<?>... types) {
      try {
        return LOOKUP.findStatic(owner, name, methodType(result, types));
      } catch (ReflectiveOperationException e) {
        throw missing(e);
      }
    }

    static Object constant(Class<?> owner, String name) {
      try {
        return owner.getField(name).get(null);
      } catch (ReflectiveOperationException e) {
        throw missing(e);
      }
    }

    static Object invoke(MethodHandle handle, Object... arguments) {
      try {
        return handle.invokeWithArguments(arguments);
      } catch (Throwable e) {
        throw thrown(e);
      }
    }

    private static LinkageError missing(ReflectiveOperationException e) {
      return new IncompatibleClassChangeError(e.toString());
    }
  }

  /** Memory from address 0 on, without end. */
  private static final class Memory {

    static final Object ALL =
        Names.invoke(
            Names.method(Names.SEGMENT, "reinterpret", Names.SEGMENT, long.class),
            Names.constant(Names.SEGMENT, "NULL"),
            Long.MAX_VALUE);
    static final Object BYTE = Names.constant(Names.VALUE_LAYOUT, "JAVA_BYTE");
    static final MethodHandle GET_BYTE = accessor("JAVA_BYTE", VarHandle.AccessMode.GET);
    static final MethodHandle GET_INT = accessor("JAVA_INT_UNALIGNED", VarHandle.AccessMode.GET);
    static final MethodHandle PUT_INT = accessor("JAVA_INT_UNALIGNED", VarHandle.AccessMode.SET);
    static final MethodHandle GET_LONG = accessor("JAVA_LONG_UNALIGNED", VarHandle.AccessMode.GET);
    static final MethodHandle PUT_LONG = accessor("JAVA_LONG_UNALIGNED", VarHandle.AccessMode.SET);

    /** {@code (long address, byte[] target, int offset, int length)}. */
    static final MethodHandle READ =
        insertArguments(
                Names.function(
                    Names.SEGMENT,
                    "copy",
                    void.class,
                    Names.SEGMENT,
                    Names.VALUE_LAYOUT,
                    long.class,
                    Object.class,
                    int.class,
                    int.class),
                0,
                ALL,
                BYTE)
            .asType(methodType(void.class, long.class, byte[].class, int.class, int.class));

    /** {@code (byte[] source, int offset, long address, int length)}. */
    static final MethodHandle WRITE =
        insertArguments(
                Names.function(
                    Names.SEGMENT,
                    "copy",
                    void.class,
                    Object.class,
                    int.class,
                    Names.SEGMENT,
                    Names.VALUE_LAYOUT,
                    long.class,
                    int.class),
                2,
                ALL,
                BYTE)
            .asType(methodType(void.class, byte[].class, int.class, long.class, int.class));

    /** {@code (long address, long length)}. */
    static final MethodHandle CLEAR =
        dropReturn(
            filterReturnValue(
                Names.method(Names.SEGMENT, "asSlice", Names.SEGMENT, long.class, long.class)
                    .bindTo(ALL),
                insertArguments(
                    Names.method(Names.SEGMENT, "fill", Names.SEGMENT, byte.class), 1, (byte) 0)));

    private Memory() {}

    /** Reads or writes at an address, by the machine's byte order. */
    private static MethodHandle accessor(String layout, VarHandle.AccessMode mode) {
      Object of = Names.constant(Names.VALUE_LAYOUT, layout);
      VarHandle handle =
          (VarHandle)
              Names.invoke(Names.method(Names.VALUE_LAYOUT, "varHandle", VarHandle.class), of);
      return insertArguments(handle.toMethodHandle(mode), 0, ALL);
    }
  }

  /** Calls in both directions. */
  private static final class Calls {

    static final Object LINKER =
        Names.invoke(Names.function(Names.LINKER, "nativeLinker", Names.LINKER));
    static final Object ARENA = Names.invoke(Names.function(Names.ARENA, "global", Names.ARENA));
    static final Object NO_OPTIONS = Array.newInstance(Names.OPTIONS.componentType(), 0);
    static final MethodHandle ADDRESS = Names.method(Names.SEGMENT, "address", long.class);

    private Calls() {}

    static Object descriptor(Signature signature) {
      Object parameters = Array.newInstance(Names.LAYOUT, signature.parameters().size());
      for (int i = 0; i < signature.parameters().size(); i++) {
        Array.set(parameters, i, layout(signature.parameters().get(i)));
      }
      if (signature.result() == Signature.Type.NOTHING) {
        return Names.invoke(
            Names.function(Names.DESCRIPTOR, "ofVoid", Names.DESCRIPTOR, Names.LAYOUTS)
                .asFixedArity(),
            parameters);
      }
      return Names.invoke(
          Names.function(Names.DESCRIPTOR, "of", Names.DESCRIPTOR, Names.LAYOUT, Names.LAYOUTS)
              .asFixedArity(),
          layout(signature.result()),
          parameters);
    }

    private static Object layout(Signature.Type type) {
      return Names.constant(
          Names.VALUE_LAYOUT, type == Signature.Type.INT ? "JAVA_INT" : "JAVA_LONG");
    }

    static MethodType type(Signature signature) {
      return methodType(
          type(signature.result()),
          signature.parameters().stream().map(Calls::type).toArray(Class<?>[]::new));
    }

    private static Class<?> type(Signature.Type type) {
      return switch (type) {
        case INT -> int.class;
        case LONG -> long.class;
        case NOTHING -> void.class;
      };
    }
  }

  private static Error thrown(Throwable e) {
    if (e instanceof Error error) {
      return error;
    }
    // Denied, or something that this Java does not have.
    return new IncompatibleClassChangeError(e.toString());
  }

  @Override
  public int addressBytes() {
    return Names.invoke(
                Names.method(Names.LAYOUT, "byteSize", long.class),
                Names.constant(Names.VALUE_LAYOUT, "ADDRESS"))
            .equals((long) Long.BYTES)
        ? Long.BYTES
        : Integer.BYTES;
  }

  @Override
  public long allocate(int bytes) {
    Object segment =
        Names.invoke(
            Names.method(Names.ARENA, "allocate", Names.SEGMENT, long.class, long.class),
            Calls.ARENA,
            (long) bytes,
            16L);
    return (long) Names.invoke(Calls.ADDRESS, segment);
  }

  @Override
  public byte getByte(long address) {
    try {
      return (byte) Memory.GET_BYTE.invokeExact(address);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public int getInt(long address) {
    try {
      return (int) Memory.GET_INT.invokeExact(address);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public void putInt(long address, int value) {
    try {
      Memory.PUT_INT.invokeExact(address, value);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public long getLong(long address) {
    try {
      return (long) Memory.GET_LONG.invokeExact(address);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public void putLong(long address, long value) {
    try {
      Memory.PUT_LONG.invokeExact(address, value);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public void read(long address, byte[] target, int offset, int length) {
    try {
      Memory.READ.invokeExact(address, target, offset, length);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public void write(long address, byte[] source, int offset, int length) {
    try {
      Memory.WRITE.invokeExact(source, offset, address, length);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public void clear(long address, long length) {
    try {
      Memory.CLEAR.invokeExact(address, length);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public long function(Signature signature, Upcall upcall) {
    MethodHandle target =
        Names.method(Upcall.class, "call", long.class, long[].class)
            .bindTo(upcall)
            .asCollector(long[].class, signature.parameters().size());
    MethodHandle failed = constant(long.class, upcall.failed());
    target = catchException(target, Throwable.class, dropArguments(failed, 0, Throwable.class));
    Object stub =
        Names.invoke(
            Names.method(
                    Names.LINKER,
                    "upcallStub",
                    Names.SEGMENT,
                    MethodHandle.class,
                    Names.DESCRIPTOR,
                    Names.ARENA,
                    Names.OPTIONS)
                .asFixedArity(),
            Calls.LINKER,
            explicitCastArguments(target, Calls.type(signature)),
            Calls.descriptor(signature),
            Calls.ARENA,
            Calls.NO_OPTIONS);
    return (long) Names.invoke(Calls.ADDRESS, stub);
  }

  @Override
  public long call(long function, Signature signature, long... arguments) {
    MethodHandle callee =
        callees.computeIfAbsent(new Callee(function, signature), FfmAccess::handle);
    try {
      return (long) callee.invokeExact(arguments);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** A native function that takes its arguments in an array. */
  private static MethodHandle handle(Callee callee) {
    Object segment =
        Names.invoke(
            Names.function(Names.SEGMENT, "ofAddress", Names.SEGMENT, long.class),
            callee.function());
    MethodHandle handle =
        (MethodHandle)
            Names.invoke(
                Names.method(
                        Names.LINKER,
                        "downcallHandle",
                        MethodHandle.class,
                        Names.SEGMENT,
                        Names.DESCRIPTOR,
                        Names.OPTIONS)
                    .asFixedArity(),
                Calls.LINKER,
                segment,
                Calls.descriptor(callee.signature()),
                Calls.NO_OPTIONS);
    int count = callee.signature().parameters().size();
    MethodType longs = methodType(long.class, Collections.nCopies(count, long.class));
    return explicitCastArguments(handle, longs).asSpreader(long[].class, count);
  }
}
