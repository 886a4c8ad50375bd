// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.apdu.CommandApdu;
import java.util.Arrays;

/**
 * Command data with a PIN in it, put together field by field without leaving copies.
 *
 * <p>Thread safety: confined.
 */
final class SecretData {

  private byte[] content = {};

  /** Length u8, then the PIN. */
  SecretData pin(SecretBytes pin) {
    int at = extend(1 + pin.length());
    content[at] = (byte) pin.length();
    pin.copyTo(content, at + 1);
    return this;
  }

  SecretData bytes(Bytes bytes) {
    int at = extend(bytes.length());
    bytes.copyTo(content, at);
    return this;
  }

  /** Length u16, then the bytes. */
  SecretData counted(Bytes bytes) {
    int at = extend(2);
    content[at] = (byte) (bytes.length() >>> 8);
    content[at + 1] = (byte) bytes.length();
    return bytes(bytes);
  }

  /** The data, which the caller zeroes. */
  byte[] take() {
    byte[] taken = content;
    content = new byte[0];
    return taken;
  }

  /** A command of our own with such data, which are zeroed. */
  static CommandApdu command(int ins, int p1, int p2, byte[] data, int expected) {
    try {
      return CommandApdu.of(ElementProtocol.CLA_PROPRIETARY, ins, p1, p2, data, expected);
    } finally {
      Arrays.fill(data, (byte) 0);
    }
  }

  private int extend(int length) {
    int at = content.length;
    byte[] longer = Arrays.copyOf(content, at + length);
    Arrays.fill(content, (byte) 0);
    content = longer;
    return at;
  }
}
