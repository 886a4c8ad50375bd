// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;

/**
 * Reads fields of a structure, big-endian; a structure that is cut short or goes on is an {@link
 * IllegalArgumentException}.
 *
 * <p>Thread safety: confined.
 */
final class FieldReader {

  private final String structure;
  private final ByteBuffer in;

  FieldReader(String structure, Bytes encoded) {
    this.structure = structure;
    this.in = ByteBuffer.wrap(encoded.toByteArray());
  }

  int u8() {
    require(1);
    return in.get() & 0xFF;
  }

  int u16() {
    require(2);
    return in.getShort() & 0xFFFF;
  }

  int u32() {
    require(4);
    return in.getInt();
  }

  Bytes bytes(int length) {
    require(length);
    byte[] part = new byte[length];
    in.get(part);
    return Bytes.copyOf(part);
  }

  /** All that is left. */
  Bytes rest() {
    return bytes(in.remaining());
  }

  int remaining() {
    return in.remaining();
  }

  void end() {
    if (in.hasRemaining()) {
      throw malformed(in.remaining() + " bytes too many");
    }
  }

  IllegalArgumentException malformed(String what) {
    return new IllegalArgumentException(structure + ": " + what);
  }

  private void require(int length) {
    if (in.remaining() < length) {
      throw malformed("cut short");
    }
  }
}
