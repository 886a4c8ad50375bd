// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * A command needs a PIN that has not been verified on its channel, or a protection that the channel
 * does not have (status word 6982).
 *
 * <p>Thread safety: immutable.
 */
public final class SecurityStatusException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final int ins;

  /**
   * Reports a command.
   *
   * @param ins its instruction byte, 0 to 255
   */
  public SecurityStatusException(int ins) {
    super(String.format("the secure element executes command %02X only after its PIN", ins), null);
    this.ins = ins;
  }

  /**
   * Which command it was.
   *
   * @return the instruction byte, 0 to 255
   */
  public int ins() {
    return ins;
  }
}
