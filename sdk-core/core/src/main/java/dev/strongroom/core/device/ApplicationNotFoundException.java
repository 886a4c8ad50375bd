// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.Aid;

/**
 * The card answers, but the element application is not on it.
 *
 * <p>Thread safety: immutable.
 */
public final class ApplicationNotFoundException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final byte[] aid;

  /**
   * Reports an application.
   *
   * @param aid what was selected
   */
  public ApplicationNotFoundException(Aid aid) {
    super("application " + aid + " is not on the secure element", null);
    this.aid = aid.bytes().toByteArray();
  }

  /**
   * What was selected.
   *
   * @return the application's name
   */
  public Aid aid() {
    return new Aid(Bytes.copyOf(aid));
  }
}
