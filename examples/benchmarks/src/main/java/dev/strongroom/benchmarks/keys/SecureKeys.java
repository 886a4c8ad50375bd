// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import dev.strongroom.benchmarks.Section;
import dev.strongroom.workloads.Scale;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Keys in an element beside those in providers of the Java platform. Measured in a process of its
 * own, because of {@link SoftHsm}.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class SecureKeys implements Section {

  @Override
  public String option() {
    return "keys";
  }

  @Override
  public String title() {
    return "Keys";
  }

  /** Keys by which the work is explained where it misses its goal. */
  public static List<String> explained() {
    return Arrays.stream(KeyWork.values()).map(SecureKeys::key).toList();
  }

  static String key(KeyWork work) {
    return "KEYS_" + work.name();
  }

  @Override
  public String measure(Path folder, Scale scale, PrintStream progress) throws IOException {
    Files.createDirectories(folder);
    Launch.run(
        KeyRun.class,
        Map.of(SoftHsm.VARIABLE, SoftHsm.configuration(folder).toString()),
        progress::println,
        folder.toString(),
        KeySize.of(scale).text());
    return Files.readString(folder.resolve(KeyRun.RESULT));
  }
}
