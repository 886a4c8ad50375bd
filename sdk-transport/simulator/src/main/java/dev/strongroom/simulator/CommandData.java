// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementProtocol;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * The data of a command, read field by field; data that are cut short or go on answer 6700, what is
 * malformed within a field 6A80.
 *
 * <p>Thread safety: confined.
 */
final class CommandData {

  private final byte[] data;
  private int at;

  /** Reads an array that stays with the caller. */
  CommandData(byte[] data) {
    this.data = data;
  }

  int u8() throws Refusal {
    require(1);
    return data[at++] & 0xFF;
  }

  int u16() throws Refusal {
    require(2);
    at += 2;
    return (data[at - 2] & 0xFF) << 8 | (data[at - 1] & 0xFF);
  }

  /** The length of an exported secret. */
  int exportLength() throws Refusal {
    int length = u16();
    Refusal.unless(length >= 1 && length <= ElementProtocol.MAX_EXPORT, StatusWord.WRONG_DATA);
    return length;
  }

  long u32() throws Refusal {
    return (long) u16() << 16 | u16();
  }

  long u64() throws Refusal {
    return u32() << 32 | u32();
  }

  Bytes bytes(int length) throws Refusal {
    require(length);
    at += length;
    return Bytes.copyOf(data, at - length, length);
  }

  /** Length u16, then that many. */
  Bytes counted() throws Refusal {
    return bytes(u16());
  }

  /** All that is left. */
  Bytes rest() {
    Bytes rest = Bytes.copyOf(data, at, data.length - at);
    at = data.length;
    return rest;
  }

  /** A part of the data itself, which is not copied. */
  ByteBuffer part(int length) throws Refusal {
    require(length);
    at += length;
    return ByteBuffer.wrap(data, at - length, length);
  }

  /** All that is left, which is not copied. */
  ByteBuffer restPart() {
    int from = at;
    at = data.length;
    return ByteBuffer.wrap(data, from, data.length - from);
  }

  /** All that is left, which the caller closes. */
  SecretBytes secret() {
    int from = at;
    at = data.length;
    return SecretBytes.copyOf(data, from, data.length - from);
  }

  /** Length u8, then a PIN, which the caller closes. */
  SecretBytes pin() throws Refusal {
    int length = u8();
    require(length);
    at += length;
    return SecretBytes.copyOf(data, at - length, length);
  }

  boolean hasMore() {
    return at < data.length;
  }

  void end() throws Refusal {
    Refusal.unless(at == data.length, StatusWord.WRONG_LENGTH);
  }

  /** Reads a structure. */
  static <T> T structure(Bytes encoded, Function<Bytes, T> parser) throws Refusal {
    try {
      return parser.apply(encoded);
    } catch (IllegalArgumentException e) {
      throw new Refusal(StatusWord.WRONG_DATA);
    }
  }

  private void require(int length) throws Refusal {
    Refusal.unless(length <= data.length - at, StatusWord.WRONG_LENGTH);
  }
}
