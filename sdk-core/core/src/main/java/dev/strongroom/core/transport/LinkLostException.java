// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import org.jspecify.annotations.Nullable;

/**
 * The link broke while a command was under way.
 *
 * <p>Thread safety: immutable.
 */
public final class LinkLostException extends TransportException {

  private static final long serialVersionUID = 1L;

  /** What is known about the command. */
  public enum Outcome {
    /** The element may have executed it. */
    UNKNOWN,
    /** The element has not received it. */
    NOT_EXECUTED
  }

  private final Outcome outcome;

  /**
   * Reports a broken link.
   *
   * @param element the element's URI or name
   * @param outcome what is known about the command
   * @param cause the driver's error, or null
   */
  public LinkLostException(String element, Outcome outcome, @Nullable Throwable cause) {
    super(
        "the link to the secure element "
            + element
            + " was lost; "
            + (outcome == Outcome.UNKNOWN
                ? "the command may have been executed"
                : "the command was not executed"),
        cause);
    this.outcome = outcome;
  }

  /**
   * What is known about the command.
   *
   * @return whether it may have been executed
   */
  public Outcome outcome() {
    return outcome;
  }
}
