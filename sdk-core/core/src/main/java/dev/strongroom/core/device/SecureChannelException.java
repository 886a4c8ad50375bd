// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import org.jspecify.annotations.Nullable;

/**
 * The secure channel to an element could not be opened, or it broke: somebody may have changed what
 * goes over the link, or the link is bad.
 *
 * <p>A channel that broke is never opened again under a login: the session is lost, and a new login
 * opens a new one.
 *
 * <p>Thread safety: immutable.
 */
public final class SecureChannelException extends DeviceException {

  private static final long serialVersionUID = 1L;

  /** What happened. */
  public enum Reason {
    /** The element has no secure channel, and its transport leaves this process. */
    NOT_SUPPORTED("it has no secure channel, and its transport leaves this process"),
    /** Its certificate is malformed, not signed by its key, or another element's. */
    CERTIFICATE("its channel certificate is malformed or wrong"),
    /** It has not proved that it has the key of its certificate. */
    RECEIPT("it has not proved to have its channel key"),
    /** It refused to open the channel, or found a command not rightly protected. */
    REFUSED("it refused a message of the secure channel; the channel is over"),
    /** In the channel it describes itself otherwise than before it, where anybody could answer. */
    DESCRIPTION(
        "it describes itself otherwise in the secure channel than before; the channel is over"),
    /** An answer is not rightly protected: its MAC or padding is wrong or missing. */
    ANSWER("an answer was not rightly protected; the channel is over"),
    /** The channel in which the session logged in has broken before, or has no numbers left. */
    SESSION_LOST("the secure channel of this session has broken; log in again");

    private final String message;

    Reason(String message) {
      this.message = message;
    }
  }

  private final String element;
  private final Reason reason;

  /**
   * Reports a channel.
   *
   * @param element URI or name of the element
   * @param reason what happened
   * @param cause what was wrong, without secrets, or null
   */
  public SecureChannelException(String element, Reason reason, @Nullable Throwable cause) {
    super("the secure element " + element + ": " + reason.message, cause);
    this.element = element;
    this.reason = reason;
  }

  /**
   * Which element.
   *
   * @return its URI or name
   */
  public String element() {
    return element;
  }

  /**
   * What happened.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
