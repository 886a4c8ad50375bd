// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import dev.strongroom.core.StrongroomException;

/**
 * SPI: reaches the elements of one URI scheme; found by {@link java.util.ServiceLoader}.
 *
 * <p>An implementation has a public constructor without parameters and stands in {@code provides}
 * of its module descriptor and in {@code META-INF/services}.
 *
 * <p>Thread safety: implementations are thread-safe.
 */
public interface TransportProvider {

  /**
   * The scheme that this provider serves.
   *
   * @return lower case, without the colon, such as {@code sim}
   */
  String scheme();

  /**
   * What makes two URIs reach the same element, so that opens of one element in one process share
   * it.
   *
   * @param uri an element URI of this scheme
   * @return equal texts for equal elements, such as a file's real path
   * @throws StrongroomException if the URI lacks or misspells what the scheme needs
   */
  String identity(ElementUri uri) throws StrongroomException;

  /**
   * Reaches an element. It is not powered on yet, and a scheme whose elements can be made from
   * nothing also reaches one that is not there yet.
   *
   * @param uri an element URI of this scheme
   * @return the link, which the caller closes
   * @throws ReaderNotFoundException if the reader, bus or server is not there
   * @throws ElementInUseException if another process holds the element
   * @throws StrongroomException if the link fails otherwise
   */
  Transport open(ElementUri uri) throws StrongroomException;
}
