// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import java.util.Arrays;

/**
 * An answer that is fetched in parts (61xx and GET RESPONSE, ISO/IEC 7816-4:2020, 5.3.4).
 *
 * <p>Thread safety: confined.
 */
final class PendingAnswer {

  private static final byte[] NOTHING = {};

  private byte[] data = NOTHING;
  private int sent;
  private StatusWord status = StatusWord.SUCCESS;

  boolean isEmpty() {
    return data.length == 0;
  }

  /** Takes a whole answer in place of the one before, and closes it. */
  void replace(ResponseApdu answer) {
    forget();
    data = answer.data();
    status = answer.status();
    answer.close();
  }

  /**
   * Up to {@code expected} bytes, with 61xx while there are more and the status word at the end.
   */
  ResponseApdu next(int expected) {
    byte[] part = Arrays.copyOfRange(data, sent, Math.min(data.length, sent + expected));
    sent += part.length;
    int rest = data.length - sent;
    StatusWord now = rest == 0 ? status : StatusWord.moreData(rest);
    if (rest == 0) {
      forget();
    }
    try {
      return ResponseApdu.of(part, now);
    } finally {
      Arrays.fill(part, (byte) 0);
    }
  }

  /** Zeroes what has not been fetched. */
  void forget() {
    Arrays.fill(data, (byte) 0);
    data = NOTHING;
    sent = 0;
  }
}
