// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;

/**
 * A refusal of the command line itself, with its exit code.
 *
 * <p>Thread safety: immutable.
 */
final class CommandException extends IOException {

  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  CommandException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
