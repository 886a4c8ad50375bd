// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.ffi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Memory and functions of the process by address. A wrong address ends the process.
 *
 * <p>Numbers are in the machine's byte order.
 *
 * <p>Thread safety: thread-safe.
 */
public interface ForeignAccess {

  /**
   * The fastest way that this Java has.
   *
   * @throws LinkageError if there is none for this machine, or none that may be used
   */
  static ForeignAccess fastest() {
    if (FfmAccess.isPresent()) {
      try {
        return FfmAccess.open();
      } catch (LinkageError e) {
        // Denied perhaps to this module alone.
      }
    }
    return new JnaAccess();
  }

  /** Size of an address in bytes. */
  int addressBytes();

  /** Takes memory that is zero and is never given back. */
  long allocate(int bytes);

  /** Reads a byte. */
  byte getByte(long address);

  /** Reads a 32-bit number. */
  int getInt(long address);

  /** Writes a 32-bit number. */
  void putInt(long address, int value);

  /** Reads a 64-bit number or an address. */
  long getLong(long address);

  /** Writes a 64-bit number or an address. */
  void putLong(long address, long value);

  /** Copies from native memory. */
  void read(long address, byte[] target, int offset, int length);

  /** Copies to native memory. */
  void write(long address, byte[] source, int offset, int length);

  /** Fills native memory with zeros. */
  void clear(long address, long length);

  /**
   * Makes a Java function callable from native code for as long as the process lives.
   *
   * @return its address
   */
  long function(Signature signature, Upcall upcall);

  /** Calls a native function; answers 0 if it returns nothing. */
  long call(long function, Signature signature, long... arguments);

  /** Reads a text in UTF-8 that ends with a zero byte; the empty text at address 0. */
  default String text(long address) {
    if (address == 0) {
      return "";
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte each;
    for (long at = address; (each = getByte(at)) != 0; at++) {
      bytes.write(each);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Puts a text into memory of its own, in UTF-8 with a zero byte behind it. */
  default long allocateText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long address = allocate(bytes.length + 1);
    write(address, bytes, 0, bytes.length);
    return address;
  }
}
