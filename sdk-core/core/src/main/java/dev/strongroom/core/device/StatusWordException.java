// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.apdu.StatusWord;

/**
 * An element answered a command with a status word for which there is no error of its own.
 *
 * <p>Thread safety: immutable.
 */
public final class StatusWordException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final int ins;
  private final int status;

  /**
   * Reports a status word.
   *
   * @param ins instruction byte of the command, 0 to 255
   * @param status what the element answered
   */
  public StatusWordException(int ins, StatusWord status) {
    super(
        String.format("the secure element answered command %02X with status %s", ins, status),
        null);
    this.ins = ins;
    this.status = status.value();
  }

  /**
   * Which command it was.
   *
   * @return the instruction byte, 0 to 255
   */
  public int ins() {
    return ins;
  }

  /**
   * What the element answered.
   *
   * @return SW1 SW2
   */
  public StatusWord status() {
    return new StatusWord(status);
  }
}
