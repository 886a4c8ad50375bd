// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.ffi;

import static dev.strongroom.database.internal.ffi.Signature.Type.INT;
import static dev.strongroom.database.internal.ffi.Signature.Type.LONG;
import static dev.strongroom.database.internal.ffi.Signature.returningInt;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Callbacks that Java Native Access calls by their own types, without boxing and reflection: a
 * third of the time. It makes such a callback only as an argument of a function that is directly
 * mapped; so it is given to one that answers its first argument and does nothing else.
 *
 * <p>For what a callback throws JNA answers 0, which means success to SQLite. So nothing is thrown:
 * each catches all, also what making the array may throw, and answers the upcall's failure.
 *
 * <p>Thread safety: thread-safe.
 */
final class DirectCallbacks {

  /** The signatures of the functions that are called often. */
  private static final Map<Signature, Function<Upcall, Callback>> KNOWN =
      Map.of(
          returningInt(LONG), DirectCallbacks::ofLong,
          returningInt(LONG, INT), DirectCallbacks::ofLongInt,
          returningInt(LONG, LONG), DirectCallbacks::ofLongs,
          returningInt(LONG, INT, LONG), DirectCallbacks::ofLongIntLong,
          returningInt(LONG, LONG, INT, LONG), DirectCallbacks::ofLongsIntLong,
          returningInt(LONG, LONG, LONG, INT, LONG), DirectCallbacks::ofThreeLongsIntLong,
          returningInt(LONG, INT, LONG, LONG, LONG, LONG), DirectCallbacks::ofLongIntLongs);

  private DirectCallbacks() {}

  /** The callback of an upcall; null for a signature that is not called often. */
  static @Nullable Callback of(Signature signature, Upcall upcall) {
    Function<Upcall, Callback> known = KNOWN.get(signature);
    return known == null ? null : known.apply(upcall);
  }

  /**
   * Makes it callable for as long as it is reachable.
   *
   * @throws LinkageError if the C library is not found here
   */
  static long address(Callback callback) {
    return Library.memmove(callback, 0, 0);
  }

  /** The C library. */
  private static final class Library {

    static {
      Native.register(Library.class, Platform.C_LIBRARY_NAME);
    }

    private Library() {}

    /** Copies no bytes at all, and answers the target (ISO C 7.24.2.2). */
    static native long memmove(Callback target, long source, long length);
  }

  /** {@code int (void *)}. */
  interface OfLong extends Callback {
    int callback(long a);
  }

  private static Callback ofLong(Upcall upcall) {
    int failed = (int) upcall.failed();
    return (OfLong)
        a -> {
          try {
            return (int) upcall.call(new long[] {a});
          } catch (Throwable e) {
            return failed;
          }
        };
  }

  /** {@code int (void *, int)}. */
  interface OfLongInt extends Callback {
    int callback(long a, int b);
  }

  private static Callback ofLongInt(Upcall upcall) {
    int failed = (int) upcall.failed();
    return (OfLongInt)
        (a, b) -> {
          try {
            return (int) upcall.call(new long[] {a, b});
          } catch (Throwable e) {
            return failed;
          }
        };
  }

  /** {@code int (void *, void *)}. */
  interface OfLongs extends Callback {
    int callback(long a, long b);
  }

  private static Callback ofLongs(Upcall upcall) {
    int failed = (int) upcall.failed();
    return (OfLongs)
        (a, b) -> {
          try {
            return (int) upcall.call(new long[] {a, b});
          } catch (Throwable e) {
            return failed;
          }
        };
  }

  /** {@code int (void *, int, void *)}. */
  interface OfLongIntLong extends Callback {
    int callback(long a, int b, long c);
  }

  private static Callback ofLongIntLong(Upcall upcall) {
    int failed = (int) upcall.failed();
    return (OfLongIntLong)
        (a, b, c) -> {
          try {
            return (int) upcall.call(new long[] {a, b, c});
          } catch (Throwable e) {
            return failed;
          }
        };
  }

  /** {@code int (void *, void *, int, sqlite3_int64)}. */
  interface OfLongsIntLong extends Callback {
    int callback(long a, long b, int c, long d);
  }

  private static Callback ofLongsIntLong(Upcall upcall) {
    int failed = (int) upcall.failed();
    return (OfLongsIntLong)
        (a, b, c, d) -> {
          try {
            return (int) upcall.call(new long[] {a, b, c, d});
          } catch (Throwable e) {
            return failed;
          }
        };
  }

  /** {@code int (void *, const char *, void *, int, int *)}. */
  interface OfThreeLongsIntLong extends Callback {
    int callback(long a, long b, long c, int d, long e);
  }

  private static Callback ofThreeLongsIntLong(Upcall upcall) {
    int failed = (int) upcall.failed();
    return (OfThreeLongsIntLong)
        (a, b, c, d, e) -> {
          try {
            return (int) upcall.call(new long[] {a, b, c, d, e});
          } catch (Throwable thrown) {
            return failed;
          }
        };
  }

  /** {@code int (void *, int, char *, char *, char *, char *)}. */
  interface OfLongIntLongs extends Callback {
    int callback(long a, int b, long c, long d, long e, long f);
  }

  private static Callback ofLongIntLongs(Upcall upcall) {
    int failed = (int) upcall.failed();
    return (OfLongIntLongs)
        (a, b, c, d, e, f) -> {
          try {
            return (int) upcall.call(new long[] {a, b, c, d, e, f});
          } catch (Throwable thrown) {
            return failed;
          }
        };
  }
}
