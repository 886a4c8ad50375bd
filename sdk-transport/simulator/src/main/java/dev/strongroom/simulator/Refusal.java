// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.apdu.StatusWord;

/**
 * A status word on its way out of a command that was not executed.
 *
 * <p>Thread safety: immutable.
 */
final class Refusal extends Exception {

  private static final long serialVersionUID = 1L;

  private final int status;

  Refusal(StatusWord status) {
    super(null, null, false, false);
    this.status = status.value();
  }

  StatusWord status() {
    return new StatusWord(status);
  }

  static void unless(boolean condition, StatusWord otherwise) throws Refusal {
    if (!condition) {
      throw new Refusal(otherwise);
    }
  }
}
