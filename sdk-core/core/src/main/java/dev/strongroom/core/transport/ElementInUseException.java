// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import java.util.OptionalLong;

/**
 * Another process, or another part of this one that does not share it, holds the element.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementInUseException extends TransportException {

  private static final long serialVersionUID = 1L;

  private final String element;
  private final long pid;

  /**
   * Reports an element held by nobody knows whom.
   *
   * @param element its URI
   */
  public ElementInUseException(String element) {
    super("the secure element " + element + " is in use by another process", null);
    this.element = element;
    this.pid = -1;
  }

  /**
   * Reports an element held by a known process.
   *
   * @param element its URI
   * @param pid the other process
   */
  public ElementInUseException(String element, long pid) {
    super("the secure element " + element + " is in use by process " + pid, null);
    this.element = element;
    this.pid = pid;
  }

  /**
   * Which element.
   *
   * @return its URI
   */
  public String element() {
    return element;
  }

  /**
   * Who holds it.
   *
   * @return the process, or empty if that is not known
   */
  public OptionalLong pid() {
    return pid < 0 ? OptionalLong.empty() : OptionalLong.of(pid);
  }
}
