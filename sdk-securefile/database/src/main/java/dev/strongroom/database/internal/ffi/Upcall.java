// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.ffi;

/**
 * A Java function that native code calls.
 *
 * <p>It must not throw: there is nobody who could explain it. What is thrown on the way to it, when
 * there is no memory or no stack left for the call, becomes the result {@link #failed}.
 */
@FunctionalInterface
public interface Upcall {

  /**
   * Is called on the thread that called into the native library.
   *
   * @param arguments the arguments in order, 32-bit ones with their sign
   * @return the result; ignored where the function returns nothing
   */
  long call(long[] arguments);

  /** The result that tells the caller of a failure. */
  default long failed() {
    return 0;
  }
}
