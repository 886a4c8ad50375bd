// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

/**
 * The element has gone: a card was pulled, a simulated element lost its power.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementRemovedException extends TransportException {

  private static final long serialVersionUID = 1L;

  private final String element;

  /**
   * Reports an element.
   *
   * @param element its URI or name
   */
  public ElementRemovedException(String element) {
    super("the secure element " + element + " has been removed or has lost its power", null);
    this.element = element;
  }

  /**
   * Which element.
   *
   * @return its URI or name
   */
  public String element() {
    return element;
  }
}
