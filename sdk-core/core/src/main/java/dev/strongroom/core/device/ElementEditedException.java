// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element's stored state was changed by something other than the element.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementEditedException extends ElementStateException {

  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * Reports an edited field.
   *
   * @param field what was changed, in words
   */
  public ElementEditedException(String field) {
    super("the secure element's state was edited from outside: " + field, null);
    this.field = field;
  }

  /**
   * What was changed.
   *
   * @return the field, in words
   */
  public String field() {
    return field;
  }
}
