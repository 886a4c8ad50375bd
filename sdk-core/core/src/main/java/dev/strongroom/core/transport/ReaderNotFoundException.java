// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import java.util.List;

/**
 * The reader, bus, folder or server that an element URI names is not there.
 *
 * <p>Thread safety: immutable.
 */
public final class ReaderNotFoundException extends TransportException {

  private static final long serialVersionUID = 1L;

  private final String reader;

  /**
   * Reports a reader.
   *
   * @param reader its name, path or address
   */
  public ReaderNotFoundException(String reader) {
    super("no reader, folder or server " + reader, null);
    this.reader = reader;
  }

  /**
   * Reports a reader beside those that are there.
   *
   * @param reader its name or number
   * @param known the names of those that are there
   */
  public ReaderNotFoundException(String reader, List<String> known) {
    super(
        "no reader "
            + reader
            + (known.isEmpty() ? ", no reader at all" : "; there are " + String.join(", ", known)),
        null);
    this.reader = reader;
  }

  /**
   * What was looked for.
   *
   * @return name, path or address
   */
  public String reader() {
    return reader;
  }
}
