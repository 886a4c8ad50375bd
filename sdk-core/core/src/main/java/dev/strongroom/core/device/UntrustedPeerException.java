// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element does not believe what it was told about another element, or what came from there.
 *
 * <p>Thread safety: immutable.
 */
public final class UntrustedPeerException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final String check;

  /**
   * Reports a peer.
   *
   * @param check which check failed, in words
   */
  public UntrustedPeerException(String check) {
    super("the secure element does not trust the other element: " + check, null);
    this.check = check;
  }

  /**
   * Which check failed.
   *
   * @return the check, in words; elements behind APDUs do not say which
   */
  public String check() {
    return check;
  }
}
