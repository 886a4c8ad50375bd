// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import java.util.Set;

/**
 * Who an element is and what it can do, from its answer to SELECT.
 *
 * @param protocolMajor version of the element protocol; another major version is refused
 * @param protocolMinor additions to that version
 * @param serialNumber 16 bytes, unique
 * @param capabilities what it can do
 * @param maxBatch the most GRUB requests or pages in one command
 * @param maxRandom the most random bytes in one command
 *     <p>Thread safety: immutable.
 */
public record ElementInfo(
    int protocolMajor,
    int protocolMinor,
    Bytes serialNumber,
    Set<Capability> capabilities,
    int maxBatch,
    int maxRandom) {

  /** Copies the capabilities. */
  public ElementInfo {
    capabilities = Set.copyOf(capabilities);
  }
}
