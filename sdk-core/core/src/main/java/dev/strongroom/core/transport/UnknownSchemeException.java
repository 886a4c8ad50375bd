// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import java.util.ArrayList;
import java.util.List;

/**
 * No transport on the class path or module path serves the scheme of an element URI.
 *
 * <p>Thread safety: immutable.
 */
public final class UnknownSchemeException extends TransportException {

  private static final long serialVersionUID = 1L;

  private final String scheme;
  private final ArrayList<String> knownSchemes;

  /**
   * Reports a scheme.
   *
   * @param scheme what was asked for
   * @param knownSchemes what is there
   */
  public UnknownSchemeException(String scheme, List<String> knownSchemes) {
    super(
        "no transport for element URIs that begin with \""
            + scheme
            + ":\"; "
            + (knownSchemes.isEmpty()
                ? "no transport is installed at all, add strongroom-simulator or another one"
                : "installed are " + String.join(", ", knownSchemes)),
        null);
    this.scheme = scheme;
    this.knownSchemes = new ArrayList<>(knownSchemes);
  }

  /**
   * What was asked for.
   *
   * @return the scheme, without the colon
   */
  public String scheme() {
    return scheme;
  }

  /**
   * What is installed.
   *
   * @return the schemes, sorted
   */
  public List<String> knownSchemes() {
    return List.copyOf(knownSchemes);
  }
}
