// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.workloads.Scale;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * A part of the page that does not compare peers workload by workload. To add one, implement this
 * and name it in {@link Benchmarks}.
 */
public interface Section {

  /** What {@code --without} calls it. */
  String option();

  /** Its title. */
  String title();

  /**
   * Measures, and says what was found and how.
   *
   * @param folder a folder on the disk that is meant, not there yet, which is removed in any case
   * @param scale how much work to do
   * @param progress where to say what is going on
   * @return Markdown, without the title
   * @throws IOException if it fails, or if what is read is not what was written
   */
  String measure(Path folder, Scale scale, PrintStream progress) throws IOException;
}
