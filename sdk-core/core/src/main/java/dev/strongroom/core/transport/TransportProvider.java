// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import dev.strongroom.core.StrongroomException;
import java.util.List;

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

  /**
   * What can be opened now, for a person to choose from: a card in a reader, a file. Nothing is
   * switched on for it, and what it lists may be another program's or no element of ours.
   *
   * @return element URIs, in the order in which a person expects them; empty if there is nothing or
   *     if the scheme's elements cannot be listed
   * @throws StrongroomException if what knows them cannot be asked, such as a service that does not
   *     run
   */
  default List<ElementUri> reachable() throws StrongroomException {
    return List.of();
  }
}
