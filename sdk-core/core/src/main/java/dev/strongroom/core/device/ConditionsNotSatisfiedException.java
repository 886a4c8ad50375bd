// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element's state does not allow a command now (status word 6985); nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class ConditionsNotSatisfiedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final int ins;

  /**
   * Reports a command.
   *
   * @param ins its instruction byte, 0 to 255
   * @param condition what would have to be so, in words
   */
  public ConditionsNotSatisfiedException(int ins, String condition) {
    super(
        String.format("the secure element does not execute command %02X now: %s", ins, condition),
        null);
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
