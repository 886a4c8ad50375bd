// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

/**
 * The element answered more than the way to it can carry: the command was executed, its answer is
 * lost.
 *
 * <p>Thread safety: immutable.
 */
public final class ResponseTooLongException extends TransportException {

  private static final long serialVersionUID = 1L;

  private final int limit;

  /**
   * Reports a lost answer.
   *
   * @param element the element's URI or name
   * @param limit most bytes of a response APDU on the way to it
   */
  public ResponseTooLongException(String element, int limit) {
    super(
        "the answer of the secure element "
            + element
            + " has more than the "
            + limit
            + " bytes that the way to it carries; the command was executed, its answer is lost",
        null);
    this.limit = limit;
  }

  /**
   * What the way to the element carries.
   *
   * @return most bytes of a response APDU, SW1 and SW2 included
   */
  public int limit() {
    return limit;
  }
}
