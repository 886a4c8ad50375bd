// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.device.DeviceException;
import org.jspecify.annotations.Nullable;

/**
 * A file that should be an element's card is none, is one of a later version, or was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class CardFormatException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final String problem;

  /**
   * Reports a card.
   *
   * @param problem what is wrong with it, in words
   * @param cause what was underneath, or null
   */
  public CardFormatException(String problem, @Nullable Throwable cause) {
    super("this is not a card of a secure element that this release reads: " + problem, cause);
    this.problem = problem;
  }

  /**
   * What is wrong with it.
   *
   * @return in words
   */
  public String problem() {
    return problem;
  }
}
