// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the fixtures of a release that {@link FormatCompatibilityTest} opens with all later ones.
 * Once, for a new release: those that are there are never written again, because what a release
 * wrote is what it wrote.
 */
@EnabledIfSystemProperty(named = FormatFixturesTest.FOLDER, matches = ".+")
class FormatFixturesTest {

  /** The folder to make them in: a new one under the resources, named as the release's format. */
  static final String FOLDER = "fixtures.write";

  @TempDir Path work;

  @Test
  void fixturesAreMade() throws IOException {
    Path target = Path.of(System.getProperty(FOLDER));
    Files.createDirectory(target);
    new FixtureWriter(target, work).all();
  }
}
