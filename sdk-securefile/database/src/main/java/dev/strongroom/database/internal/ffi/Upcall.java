// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.ffi;

/**
 * A Java function that native code calls.
 *
 * <p>It must not throw: there is nobody who could catch it, and the caller would be told that all
 * went well.
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
}
