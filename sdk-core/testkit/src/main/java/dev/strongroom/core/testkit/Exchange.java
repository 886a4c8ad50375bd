// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.Bytes;

/**
 * One command APDU and its response, as they went over a wire.
 *
 * <p>A recording holds PINs and keys in clear: it is for tests with PINs and keys of tests.
 *
 * <p>Thread safety: immutable.
 *
 * @param command the encoded command APDU
 * @param response the encoded response APDU
 */
public record Exchange(Bytes command, Bytes response) {

  /**
   * Reads both from hexadecimal text.
   *
   * @param command the encoded command APDU
   * @param response the encoded response APDU
   * @return the exchange
   * @throws IllegalArgumentException if a text is not hexadecimal
   */
  public static Exchange of(String command, String response) {
    return new Exchange(Bytes.parse(command), Bytes.parse(response));
  }
}
