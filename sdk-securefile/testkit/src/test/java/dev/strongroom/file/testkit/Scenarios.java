// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named things to do with a file system, each in an empty directory of its own.
 *
 * <p>Thread safety: confined to one thread.
 */
abstract class Scenarios {

  /** Does something and answers what a user would notice. */
  @FunctionalInterface
  interface Scenario {
    Object in(Path root) throws Exception;
  }

  private final Map<String, Scenario> all = new LinkedHashMap<>();

  final void add(String name, Scenario scenario) {
    if (all.put(name, scenario) != null) {
      throw new IllegalStateException("two scenarios are called " + name);
    }
  }

  final Map<String, Scenario> all() {
    return all;
  }
}
