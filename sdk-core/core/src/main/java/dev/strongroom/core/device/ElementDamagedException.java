// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import org.jspecify.annotations.Nullable;

/**
 * The element's stored state is damaged: no copy of it can be read.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementDamagedException extends ElementStateException {

  private static final long serialVersionUID = 1L;

  private final String check;

  /**
   * Reports damage.
   *
   * @param check which check failed, in words
   * @param cause what was underneath, or null
   */
  public ElementDamagedException(String check, @Nullable Throwable cause) {
    super("the secure element's state is damaged: " + check, cause);
    this.check = check;
  }

  /**
   * Which check failed.
   *
   * @return the check, in words
   */
  public String check() {
    return check;
  }
}
