// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element speaks another major version of the element protocol.
 *
 * <p>Thread safety: immutable.
 */
public final class ProtocolVersionException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final int found;

  /**
   * Reports a version.
   *
   * @param found the element's major version
   */
  public ProtocolVersionException(int found) {
    super(
        "the secure element speaks protocol version "
            + found
            + ", this library speaks "
            + ElementProtocol.MAJOR_VERSION,
        null);
    this.found = found;
  }

  /**
   * The element's version.
   *
   * @return the major version
   */
  public int found() {
    return found;
  }

  /**
   * This library's version.
   *
   * @return the major version
   */
  public int supported() {
    return ElementProtocol.MAJOR_VERSION;
  }
}
