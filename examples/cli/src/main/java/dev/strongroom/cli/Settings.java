// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command without a subcommand, and the options that stand before or after every subcommand.
 *
 * <p>Thread safety: confined to one thread.
 */
@Command(
    name = "strongroom",
    description = "Secure files whose keys a secure element holds.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND")
final class Settings implements Runnable {

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--element",
      paramLabel = "URI",
      scope = ScopeType.INHERIT,
      description = "The secure element, such as sim:my.element; by default the volume's own.")
  private @Nullable String elementUri;

  @Option(
      names = "--known",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "The element's channel key must be the one in this file; a new one is added. Without it,"
              + " commands on volumes take the key that the volume remembers.")
  private @Nullable Path known;

  @Option(
      names = "--pin-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Read PINs from a file, one a line, in the order in which they are needed.")
  private @Nullable Path pinFile;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Say only what went wrong.")
  private boolean quiet;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show a stack trace with an error.")
  private boolean debug;

  Settings(Console console) {
    this.console = console;
  }

  Console console() {
    return console;
  }

  @Nullable String elementUri() {
    return elementUri;
  }

  @Nullable Path known() {
    return known;
  }

  @Nullable Path pinFile() {
    return pinFile;
  }

  boolean debug() {
    return debug || console.flag("STRONGROOM_DEBUG");
  }

  /** Says what was done, unless asked to be quiet. */
  void say(String text) {
    if (!quiet) {
      console.out().println(text);
    }
  }

  /** Says what the output of the command has no place for, unless asked to be quiet. */
  void note(String text) {
    if (!quiet) {
      console.err().println(text);
    }
  }

  /** Says what a person may want to mend, unless asked to be quiet. */
  void remark(String text) {
    if (!quiet) {
      console.warn(text);
    }
  }

  /** A progress bar when a person is looking, otherwise nothing. */
  Progress progress(String what, long bytes) {
    return watched() ? Progress.bar(console.err(), what, bytes) : Progress.none();
  }

  /** Whether a person is looking. */
  boolean watched() {
    return !quiet && console.errorsToTerminal();
  }

  /** Collects what could not be done. */
  Report report() {
    return new Report(console);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  CommandLine commandLine() {
    return spec.commandLine();
  }
}
