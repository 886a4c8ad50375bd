// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a copy did and could not do, item by item; a problem is printed when it happens.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Report {

  private final Console console;
  private long files;
  private long directories;
  private long bytes;
  private long problems;
  private @Nullable ExitCode first;

  Report(Console console) {
    this.console = console;
  }

  void file(long size) {
    files++;
    bytes += size;
  }

  void directory() {
    directories++;
  }

  /** One item could not be done; the others go on. */
  void problem(IOException error) {
    problem(Failures.exitCode(error), Failures.message(error));
  }

  /** One item could not be done; the others go on. */
  void problem(ExitCode code, String message) {
    problems++;
    if (first == null) {
      first = code;
    }
    console.problem(message);
  }

  long files() {
    return files;
  }

  long bytes() {
    return bytes;
  }

  long problems() {
    return problems;
  }

  /** Nothing but one kind of failure ends with that failure's code, anything mixed is "partly". */
  ExitCode exitCode() {
    if (first == null) {
      return ExitCode.OK;
    }
    return files + directories > 0 ? ExitCode.PARTLY : first;
  }

  /** The last line, such as {@code put 12 files, 3.4 MiB; 1 problem, see above}. */
  String summary(String verb) {
    return verb
        + " "
        + Sizes.files(files)
        + ", "
        + Sizes.text(bytes)
        + (problems == 0
            ? ""
            : "; "
                + problems
                + (problems == 1 ? " item was not done" : " items were not done")
                + ", see above");
  }
}
