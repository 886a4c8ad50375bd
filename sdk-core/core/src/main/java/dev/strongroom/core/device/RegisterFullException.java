// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element's receive register has no room for one more; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class RegisterFullException extends DeviceException {

  /** What there are too many of. */
  public enum Part {
    /** Senders; the administrator can have one forgotten ({@link SecureElement#forgetSender}). */
    SENDERS,
    /** What has begun; it can be finished or given up ({@link ElementSession#endReceive}). */
    PENDING
  }

  private static final long serialVersionUID = 1L;

  private final Part part;

  /**
   * Reports a full register.
   *
   * @param part what there are too many of
   */
  public RegisterFullException(Part part) {
    super(
        part == Part.SENDERS
            ? "the secure element knows "
                + ReceiveRegister.MAX_SENDERS
                + " senders and no more; the administrator can have one forgotten"
            : "the secure element has "
                + ReceiveRegister.MAX_PENDING
                + " receives that have begun and no room for more; finish one or give it up",
        null);
    this.part = part;
  }

  /**
   * What there are too many of.
   *
   * @return senders, or what has begun
   */
  public Part part() {
    return part;
  }
}
