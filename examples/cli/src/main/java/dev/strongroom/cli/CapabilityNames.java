// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementInfo;
import java.util.List;
import java.util.Locale;

/** What elements can do, in words. */
final class CapabilityNames {

  private CapabilityNames() {}

  /** Such as {@code secure channel}, in alphabetical order. */
  static List<String> of(ElementInfo info) {
    return info.capabilities().stream().map(CapabilityNames::of).sorted().toList();
  }

  static String of(Capability capability) {
    return capability.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
