// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.file.LedgerRepair;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts the commands together and runs one. */
final class CommandLines {

  private CommandLines() {}

  /** Runs a command line to its end; every error has been printed then. */
  static ExitCode run(Console console, String... arguments) {
    CommandLine commands = create(console);
    int code = commands.execute(arguments);
    console.out().flush();
    for (ExitCode exitCode : ExitCode.values()) {
      if (exitCode.code() == code) {
        if (exitCode == ExitCode.OK && console.out().checkError()) {
          CommandException refusal = console.outputRefused();
          if (refusal.exitCode() != ExitCode.READER_GONE) {
            console.problem(Failures.message(refusal));
          }
          return refusal.exitCode();
        }
        return exitCode;
      }
    }
    throw new IllegalStateException("exit code " + code);
  }

  /** All commands, for running, for their help and for the check of their documentation. */
  static CommandLine create(Console console) {
    Settings settings = new Settings(console);
    CommandLine commands =
        new CommandLine(settings)
            .addSubcommand(
                new CommandLine(new ElementGroup())
                    .addSubcommand(new ElementInit(settings))
                    .addSubcommand(new ElementShow(settings))
                    .addSubcommand(new ElementChangePin(settings))
                    .addSubcommand(new ElementUnblock(settings))
                    .addSubcommand(new ElementList(settings))
                    .addSubcommand(new ElementBench(settings))
                    .addSubcommand(new ElementTrace(settings))
                    .addSubcommand(new ElementPresent(settings))
                    .addSubcommand(new ElementWipe(settings))
                    .addSubcommand(new ElementExportCard(settings))
                    .addSubcommand(new ElementRegister(settings))
                    .addSubcommand(new ElementForgetSender(settings)))
            .addSubcommand(
                new CommandLine(new VolumeGroup())
                    .addSubcommand(new VolumeInit(settings))
                    .addSubcommand(new VolumeShow(settings))
                    .addSubcommand(new VolumeBackup(settings))
                    .addSubcommand(new VolumeRestore(settings))
                    .addSubcommand(VolumeLedger.command(settings, LedgerRepair.ACCEPT))
                    .addSubcommand(VolumeLedger.command(settings, LedgerRepair.REBUILD))
                    .addSubcommand(new VolumeAdopt(settings))
                    .addSubcommand(new VolumeAddElement(settings))
                    .addSubcommand(new VolumeRecover(settings)))
            .addSubcommand(
                new CommandLine(new ContactsGroup())
                    .addSubcommand(new ContactsAdd(settings))
                    .addSubcommand(new ContactsList(settings))
                    .addSubcommand(new ContactsRemove(settings))
                    .addSubcommand(new ContactsRenew(settings))
                    .addSubcommand(new ContactsForgetReceipts(settings)))
            .addSubcommand(
                new CommandLine(new RecipientsGroup())
                    .addSubcommand(new RecipientsAdd(settings))
                    .addSubcommand(new RecipientsRemove(settings)))
            .addSubcommand(
                new CommandLine(new DatabaseGroup())
                    .addSubcommand(new DatabaseShell(settings))
                    .addSubcommand(new DatabaseImport(settings))
                    .addSubcommand(new DatabaseExport(settings))
                    .addSubcommand(new DatabaseBackup(settings))
                    .addSubcommand(new DatabaseRekey(settings))
                    .addSubcommand(new DatabaseCheck(settings)))
            .addSubcommand(new Put(settings))
            .addSubcommand(new Get(settings))
            .addSubcommand(new Cat(settings))
            .addSubcommand(new Ls(settings))
            .addSubcommand(new Mkdir(settings))
            .addSubcommand(new Rm(settings))
            .addSubcommand(new Stat(settings))
            .addSubcommand(new Mv(settings))
            .addSubcommand(new Freeze(settings))
            .addSubcommand(new Invalidate(settings))
            .addSubcommand(new Versions(settings))
            .addSubcommand(new Send(settings))
            .addSubcommand(new Receive(settings))
            .addSubcommand(new Decline(settings))
            .addSubcommand(new Inspect(settings))
            .addSubcommand(new Bench(settings))
            .addSubcommand(new Check(settings))
            .addSubcommand(new Demo(settings));
    commands.registerConverter(Path.class, CommandLines::hostPath);
    commands.setOut(new PrintWriter(console.out(), true, UTF_8));
    commands.setErr(new PrintWriter(console.err(), true, UTF_8));
    commands.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    commands.setUsageHelpAutoWidth(false);
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          if (settings.debug()) {
            error.printStackTrace(console.err());
          }
          ExitCode code = Failures.exitCode(error);
          if (code != ExitCode.READER_GONE) {
            console.problem(Failures.message(error));
          }
          return code.code();
        });
    commands.setParameterExceptionHandler(
        (error, parameters) -> {
          console.problem(Text.printable(advice(error)));
          return ExitCode.USAGE.code();
        });
    CommandSpec root = commands.getCommandSpec();
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(Integer.toString(code.code()), code.meaning());
    }
    codes.putAll(Interruption.exitCodes());
    root.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
    return commands;
  }

  /** An empty path would stand for the directory that the process is in. */
  private static Path hostPath(String typed) {
    if (typed.isEmpty()) {
      throw new TypeConversionException(VolumePath.EMPTY);
    }
    return Path.of(typed);
  }

  private static String advice(ParameterException error) {
    CommandLine command = error.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String suggestion =
        error instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()
            ? "; did you mean " + String.join(" or ", unmatched.getSuggestions())
            : "";
    String help = command.getSubcommands().isEmpty() ? "says how it is used" : "lists them";
    return error.getMessage() + suggestion + "; \"" + name + " --help\" " + help;
  }
}
