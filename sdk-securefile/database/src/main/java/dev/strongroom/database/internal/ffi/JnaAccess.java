// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.ffi;

import com.sun.jna.Callback;
import com.sun.jna.CallbackProxy;
import com.sun.jna.CallbackReference;
import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Native access by Java Native Access, on any Java from 17 up.
 *
 * <p>Thread safety: thread-safe.
 */
public final class JnaAccess implements ForeignAccess {

  private static final Pointer MEMORY = new Pointer(0);

  /** JNA holds callbacks weakly, native code holds them for ever. */
  private static final Queue<Callback> STUBS = new ConcurrentLinkedQueue<>();

  @Override
  public int addressBytes() {
    return Native.POINTER_SIZE;
  }

  @Override
  public long allocate(int bytes) {
    long address = Native.malloc(bytes);
    if (address == 0) {
      throw new OutOfMemoryError(bytes + " bytes of native memory");
    }
    clear(address, bytes);
    return address;
  }

  @Override
  public String text(long address) {
    return address == 0 ? "" : MEMORY.getString(address, "UTF-8");
  }

  @Override
  public byte getByte(long address) {
    return MEMORY.getByte(address);
  }

  @Override
  public int getInt(long address) {
    return MEMORY.getInt(address);
  }

  @Override
  public void putInt(long address, int value) {
    MEMORY.setInt(address, value);
  }

  @Override
  public long getLong(long address) {
    return MEMORY.getLong(address);
  }

  @Override
  public void putLong(long address, long value) {
    MEMORY.setLong(address, value);
  }

  @Override
  public void read(long address, byte[] target, int offset, int length) {
    MEMORY.read(address, target, offset, length);
  }

  @Override
  public void write(long address, byte[] source, int offset, int length) {
    MEMORY.write(address, source, offset, length);
  }

  @Override
  public void clear(long address, long length) {
    MEMORY.setMemory(address, length, (byte) 0);
  }

  @Override
  public long function(Signature signature, Upcall upcall) {
    Callback direct = DirectCallbacks.of(signature, upcall);
    if (direct != null) {
      try {
        long address = DirectCallbacks.address(direct);
        STUBS.add(direct);
        return address;
      } catch (LinkageError e) {
        // No C library under its usual name: the way that is always there does, only slower.
      }
    }
    Stub stub = new Stub(signature, upcall);
    STUBS.add(stub);
    return Pointer.nativeValue(CallbackReference.getFunctionPointer(stub));
  }

  @Override
  public long call(long function, Signature signature, long... arguments) {
    Object[] boxed = new Object[arguments.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = box(signature.parameters().get(i), arguments[i]);
    }
    Function callee = Function.getFunction(new Pointer(function));
    return switch (signature.result()) {
      case INT -> callee.invokeInt(boxed);
      case LONG -> callee.invokeLong(boxed);
      case NOTHING -> {
        callee.invokeVoid(boxed);
        yield 0;
      }
    };
  }

  private static Object box(Signature.Type type, long value) {
    return type == Signature.Type.INT ? (Object) (int) value : (Object) value;
  }

  /** A function of which JNA need not find out the types. */
  private static final class Stub implements CallbackProxy {

    private final Signature signature;
    private final Upcall upcall;
    private final Object failed;

    Stub(Signature signature, Upcall upcall) {
      this.signature = signature;
      this.upcall = upcall;
      failed = box(signature.result(), upcall.failed());
    }

    @Override
    public Object callback(Object[] boxed) {
      try {
        long[] arguments = new long[boxed.length];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = ((Number) boxed[i]).longValue();
        }
        return box(signature.result(), upcall.call(arguments));
      } catch (Throwable e) {
        return failed;
      }
    }

    @Override
    public Class<?>[] getParameterTypes() {
      return signature.parameters().stream().map(Stub::type).toArray(Class<?>[]::new);
    }

    @Override
    public Class<?> getReturnType() {
      return type(signature.result());
    }

    private static Class<?> type(Signature.Type type) {
      return switch (type) {
        case INT -> int.class;
        case LONG -> long.class;
        case NOTHING -> void.class;
      };
    }
  }
}
