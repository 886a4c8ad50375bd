// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.KeyAlgorithm;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who an element is and what it can do, from its answer to SELECT.
 *
 * <p>Thread safety: immutable.
 *
 * @param protocolMajor version of the element protocol; another major version is refused
 * @param protocolMinor additions to that version
 * @param serialNumber 16 bytes, unique
 * @param capabilities what it can do
 * @param maxBatch the most GRUB requests or pages in one command
 * @param maxRandom the most random bytes in one command
 * @param versionSlots how many {@link VersionSlot}s it has
 * @param elementClass how well it keeps secrets
 * @param suites the HPKE suites that it has a key for and that this release knows
 * @param algorithms what managed keys of its key store may compute with and this release knows
 * @param description kind of element and what its PINs are protected by, in words for people
 */
public record ElementInfo(
    int protocolMajor,
    int protocolMinor,
    Bytes serialNumber,
    Set<Capability> capabilities,
    int maxBatch,
    int maxRandom,
    int versionSlots,
    ElementClass elementClass,
    Set<HpkeSuite> suites,
    Set<KeyAlgorithm> algorithms,
    String description) {

  /** Length of a serial number in bytes. */
  public static final int SERIAL_NUMBER_LENGTH = 16;

  /**
   * Checks the ranges and copies the capabilities.
   *
   * @param protocolMajor as above
   * @param protocolMinor as above
   * @param serialNumber as above
   * @param capabilities as above
   * @param maxBatch as above
   * @param maxRandom as above
   * @param versionSlots as above
   * @param elementClass as above
   * @param suites as above
   * @param algorithms as above
   * @param description as above
   */
  public ElementInfo {
    if (serialNumber.length() != SERIAL_NUMBER_LENGTH) {
      throw new IllegalArgumentException(
          "a serial number has 16 bytes, not " + serialNumber.length());
    }
    if (maxBatch < 1 || maxRandom < 1) {
      throw new IllegalArgumentException("limits below 1: " + maxBatch + " and " + maxRandom);
    }
    if (versionSlots < 0) {
      throw new IllegalArgumentException("fewer than no version slots: " + versionSlots);
    }
    capabilities = Set.copyOf(capabilities);
    suites = Set.copyOf(suites);
    algorithms = Set.copyOf(algorithms);
  }

  /**
   * What an element has that says nothing about suites: an identity has the key of {@link
   * HpkeSuite#P256}.
   *
   * @param capabilities what it can do
   * @return that suite, or none
   */
  public static Set<HpkeSuite> suitesOf(Set<Capability> capabilities) {
    return capabilities.contains(Capability.IDENTITY)
        ? EnumSet.of(HpkeSuite.P256)
        : EnumSet.noneOf(HpkeSuite.class);
  }

  /**
   * Makes sure that the element can do something.
   *
   * @param capability what is needed
   * @throws UnsupportedCapabilityException if the element did not declare it
   */
  public void require(Capability capability) throws UnsupportedCapabilityException {
    if (!capabilities.contains(capability)) {
      throw new UnsupportedCapabilityException(capability);
    }
  }
}
