// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

/**
 * Where an element URI points there is no element: no file, no card in the reader.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementNotFoundException extends TransportException {

  private static final long serialVersionUID = 1L;

  private final String element;

  /**
   * Reports an element.
   *
   * @param element its URI
   */
  public ElementNotFoundException(String element) {
    super("no secure element at " + element, null);
    this.element = element;
  }

  /**
   * What was looked for.
   *
   * @return the element's URI
   */
  public String element() {
    return element;
  }
}
