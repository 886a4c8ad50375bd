// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyRefusal;

/**
 * The element is administered: its keys and groups change by orders alone; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementAdministeredException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal why
   */
  public ElementAdministeredException(KeyRefusal refusal) {
    super(
        "the secure element is administered: its keys change by its administrator's orders alone",
        refusal);
  }
}
