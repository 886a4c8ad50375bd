// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.ffi;

import java.util.List;

/**
 * Types of a C function: 32-bit numbers, and 64-bit ones, which are also addresses.
 *
 * @param result what it returns
 * @param parameters what it takes, in order; never {@link Type#NOTHING}
 *     <p>Thread safety: immutable.
 */
public record Signature(Type result, List<Type> parameters) {

  /** A type of C. */
  public enum Type {
    /** {@code int}. */
    INT,
    /** {@code sqlite3_int64} and every pointer, on machines of 64 bits. */
    LONG,
    /** {@code void}. */
    NOTHING
  }

  /** Copies the parameters. */
  public Signature {
    parameters = List.copyOf(parameters);
  }

  /** A function that returns an {@code int}. */
  public static Signature returningInt(Type... parameters) {
    return new Signature(Type.INT, List.of(parameters));
  }

  /** A function that returns a pointer or a 64-bit number. */
  public static Signature returningLong(Type... parameters) {
    return new Signature(Type.LONG, List.of(parameters));
  }

  /** A function that returns nothing. */
  public static Signature returningNothing(Type... parameters) {
    return new Signature(Type.NOTHING, List.of(parameters));
  }
}
