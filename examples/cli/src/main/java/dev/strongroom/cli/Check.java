// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Role;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckProgress;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.SalvageOption;
import dev.strongroom.file.check.Severity;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a volume, repairs what has a second copy, copies out what can be read. */
@Command(
    name = "check",
    description = {
      "Reads all of a volume, or what lies below PATH, and lists what is damaged, by byte range.",
      "Changes nothing unless --repair or --rebuild is given. Works on damaged volumes."
    })
final class Check implements Callable<Integer> {

  private final Settings settings;

  /** What is to be done beside checking. */
  private static final class Work {
    @Option(
        names = "--repair",
        description =
            "Open for writing, and write damaged copies of headers and of the volume file again.")
    private boolean repair;

    @Option(
        names = "--rebuild",
        description = {
          "Rebuild damaged directories from the headers of the files; needs the administrator PIN,",
          "is recorded in the volume, and takes the whole volume."
        })
    private boolean rebuild;

    @Option(
        names = "--salvage",
        paramLabel = "DIR",
        description = "Copy all that can be read to DIR, which must be absent or empty.")
    private @Nullable Path salvage;
  }

  @ArgGroup private Work work = new Work();

  @Option(
      names = "--outdated",
      description =
          "With --salvage: copy also what is not the current state, old copies of frozen files and"
              + " files that were invalidated.")
  private boolean outdated;

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      description = "A file or directory in the volume; by default all of it.")
  private String path = "/";

  Check(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath start = VolumePath.parse(path);
    if (work.rebuild && !start.isRoot()) {
      throw CommandException.usage("--rebuild takes the whole volume; leave PATH away");
    }
    if (outdated && work.salvage == null) {
      throw CommandException.usage("--outdated goes with --salvage DIR");
    }
    boolean writing = work.repair || work.rebuild;
    CheckReport report;
    Bar bar = new Bar();
    try (OpenVolume open =
            writing
                ? OpenVolume.forWriting(settings, volume)
                : OpenVolume.forChecking(settings, volume);
        bar) {
      report = run(open, start, bar);
    }
    if (json) {
      settings.console().out().println(Json.text(object(start, report)));
    } else {
      bar.printCounted(report);
      print(report);
    }
    return (report.isHealthy() ? ExitCode.OK : ExitCode.INTEGRITY).code();
  }

  private CheckReport run(OpenVolume open, VolumePath start, Bar bar) throws IOException {
    SecureFileSystem files = open.files();
    Path salvage = work.salvage;
    if (work.rebuild) {
      try (SecretBytes administrator = open.pin(Role.ADMINISTRATOR)) {
        return files.rebuild(administrator, bar);
      }
    }
    if (salvage != null) {
      return salvage(files, start, salvage, bar);
    }
    return start.isRoot() ? files.check(bar) : files.check(start.text(), bar);
  }

  private CheckReport salvage(SecureFileSystem files, VolumePath start, Path folder, Bar bar)
      throws IOException {
    SalvageOption[] options =
        outdated ? new SalvageOption[] {SalvageOption.NOT_CURRENT} : new SalvageOption[0];
    try {
      return files.salvage(start.text(), folder, bar, options);
    } catch (DirectoryNotEmptyException e) {
      throw new CommandException(
          ExitCode.NAME, folder + ": there is something in it; choose another folder");
    }
  }

  /** Findings are printed when they are met; the bar gives way to them. */
  private final class Bar implements CheckListener, AutoCloseable {
    private Progress progress = Progress.none();
    private boolean begun;
    private long shown;
    private long covered;
    private long notSalvaged;

    @Override
    public void progress(CheckProgress done) {
      if (!begun || done.bytes() < shown) { // a rebuild checks twice
        progress.close();
        progress =
            settings.progress(
                "check", done.total() == CheckProgress.UNKNOWN ? Progress.UNKNOWN : done.total());
        begun = true;
        shown = 0;
      }
      progress.add(done.bytes() - shown);
      shown = done.bytes();
    }

    @Override
    public void found(Finding finding) {
      if (finding.kind() == FindingKind.NOT_SALVAGED) {
        notSalvaged++;
      }
      if (isCovered(finding)) {
        covered++;
      } else if (!json) {
        progress.clear();
        settings.console().out().println(line(finding));
      }
    }

    /** After a kill there can be one for each file, and nothing is wrong with any. */
    private static boolean isCovered(Finding finding) {
      return finding.kind() == FindingKind.COVERED_BY_JOURNAL
          && finding.severity() == Severity.NOTICE;
    }

    /** What was counted instead of being told one by one. */
    void printCounted(CheckReport report) {
      if (covered > 0) {
        settings.say(
            "notice  covered-by-journal  "
                + Sizes.files(covered)
                + "  the journal has the last commits; the host files are brought up to date when"
                + " the volume is opened for writing");
      }
      if (work.salvage != null) {
        settings.say(
            "copied "
                + Sizes.files(Math.max(0, report.files() - notSalvaged))
                + " to "
                + Text.printable(work.salvage.toString())
                + "; damaged ranges are holes there, strongroom-salvage.txt lists them");
      }
    }

    @Override
    public void close() {
      progress.close();
    }
  }

  private static String line(Finding finding) {
    return word(finding.severity())
        + "  "
        + finding.kind().code()
        + "  "
        + Text.printable(finding.file())
        + (finding.from() < 0 ? "" : "  bytes " + finding.from() + " to " + finding.to())
        + "  "
        + Text.printable(finding.detail());
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  private void print(CheckReport report) {
    List<String> parts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      if (report.count(severity) > 0) {
        parts.add(report.count(severity) + " " + word(severity));
      }
    }
    String summary =
        "checked "
            + Sizes.files(report.files())
            + ", read "
            + Sizes.text(report.bytes())
            + ": "
            + (parts.isEmpty() ? "all as it was written" : String.join(", ", parts))
            + (report.damagedBytes() == 0
                ? ""
                : "; " + report.damagedBytes() + " bytes cannot be read");
    if (report.isHealthy()) {
      settings.say(summary + next(report));
    } else {
      settings.console().problem(summary + next(report));
    }
  }

  /** What can be done about it that has not been asked for yet. */
  private String next(CheckReport report) {
    List<String> steps = new ArrayList<>();
    if (report.count(Severity.REPAIRABLE) > 0 && !work.repair) {
      steps.add("\"strongroom check --repair\" writes damaged copies again");
    }
    if (report.findings().stream().anyMatch(Check::mayBeADirectory) && !work.rebuild) {
      steps.add(Failures.REBUILD);
    }
    if (report.count(Severity.DAMAGE) > 0 && work.salvage == null) {
      steps.add(Failures.SALVAGE);
    }
    if (report.findings().stream().anyMatch(Check::isLeftOut)) {
      steps.add("--outdated with --salvage copies what is not current, too");
    }
    return steps.isEmpty() ? "" : "; " + String.join(", ", steps);
  }

  private static boolean isLeftOut(Finding finding) {
    return finding.kind() == FindingKind.NOT_SALVAGED && finding.severity() == Severity.NOTICE;
  }

  private static boolean mayBeADirectory(Finding finding) {
    return finding.severity() == Severity.DAMAGE
        && switch (finding.kind()) {
          case CATALOGUE, HEADER, FOREIGN_HEADER, MISSING_HOST_FILE -> true;
          default -> false;
        };
  }

  private Map<String, Object> object(VolumePath start, CheckReport report) {
    Map<String, Object> counts = new LinkedHashMap<>();
    for (Severity severity : Severity.values()) {
      counts.put(word(severity), report.count(severity));
    }
    List<Object> findings = new ArrayList<>();
    for (Finding finding : report.findings()) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("kind", finding.kind().code());
      object.put("severity", word(finding.severity()));
      object.put("file", finding.file());
      object.put("from", finding.from() < 0 ? null : finding.from());
      object.put("to", finding.from() < 0 ? null : finding.to());
      object.put("detail", finding.detail());
      findings.add(object);
    }
    return Map.of(
        "format",
        "strongroom-check-1",
        "volume",
        volume.toString(),
        "path",
        start.text(),
        "healthy",
        report.isHealthy(),
        "directories",
        report.directories(),
        "files",
        report.files(),
        "bytesRead",
        report.bytes(),
        "damagedBytes",
        report.damagedBytes(),
        "counts",
        counts,
        "findings",
        findings);
  }
}
