// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.FileType;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckProgress;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.format.v1.FileHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a check meets, joins neighbouring ranges, counts, and tells the listener.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
public final class Findings {

  /** The listener has ended the check. */
  public static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Cancelled() {
      super("the check was cancelled", null, false, false);
    }
  }

  private final CheckListener listener;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Severity, Long> counts = new EnumMap<>(Severity.class);
  private @Nullable Finding open;
  private long total = CheckProgress.UNKNOWN;
  private long bytes;
  private long files;
  private long directories;
  private long damagedBytes;

  /**
   * Starts empty.
   *
   * @param listener hears of everything
   */
  public Findings(CheckListener listener) {
    this.listener = listener;
  }

  /**
   * Takes a finding in.
   *
   * @param next the finding
   */
  public void add(Finding next) {
    Finding last = open;
    if (last != null
        && last.kind() == next.kind()
        && last.severity() == next.severity()
        && last.from() >= 0
        && last.to() == next.from()
        && last.file().equals(next.file())
        && last.detail().equals(next.detail())) {
      open =
          new Finding(
              last.kind(), last.severity(), last.file(), last.from(), next.to(), last.detail());
      return;
    }
    flush();
    open = next;
  }

  /**
   * Takes a finding without a range in.
   *
   * @param kind what it is about
   * @param severity what it means
   * @param file the file
   * @param detail what was expected and found
   */
  public void add(FindingKind kind, Severity severity, String file, String detail) {
    add(new Finding(kind, severity, file, -1, -1, detail));
  }

  /** Ends the range that might have gone on. */
  public void flush() {
    Finding last = open;
    if (last == null) {
      return;
    }
    open = null;
    counts.merge(last.severity(), 1L, Long::sum);
    if (last.severity() == Severity.DAMAGE) {
      damagedBytes += last.bytes();
    }
    if (findings.size() < CheckReport.MAX_FINDINGS) {
      findings.add(last);
    }
    listener.found(last);
  }

  /**
   * Sets how much there is to read; before, that is not known.
   *
   * @param hostBytes bytes of host files
   */
  public void total(long hostBytes) {
    total = hostBytes;
  }

  /**
   * Counts bytes that were read, and asks whether to go on.
   *
   * @param file the file that is being read
   * @param more bytes of host files
   * @throws Cancelled if the listener has had enough
   */
  public void read(String file, long more) {
    bytes += more;
    listener.progress(new CheckProgress(file, bytes, total));
    if (listener.isCancelled()) {
      throw new Cancelled();
    }
  }

  /**
   * Begins a file at a target; one that cannot be made there is a finding.
   *
   * @param target where
   * @param path the file's path
   * @param header its header
   * @return takes its content
   */
  public ContentTarget.FileTarget begin(ContentTarget target, String path, FileHeader header) {
    try {
      if (header.type != FileType.DIRECTORY) {
        return target.file(path, header);
      }
      return target.directory(path, header);
    } catch (IOException e) {
      add(FindingKind.NOT_SALVAGED, Severity.DAMAGE, path, e.toString());
    }
    return ContentTarget.FileTarget.NONE;
  }

  /**
   * Begins a file that is not in the state that the ledger names; a target that does not take it is
   * a finding.
   *
   * @param target where
   * @param path the file's path
   * @param header its header
   * @return takes its content
   */
  public ContentTarget.FileTarget beginNotCurrent(
      ContentTarget target, String path, FileHeader header) {
    if (target.takesNotCurrent()) {
      return begin(target, path, header);
    }
    if (target != ContentTarget.NONE && header.type != FileType.DIRECTORY) {
      add(
          FindingKind.NOT_SALVAGED,
          Severity.NOTICE,
          path,
          "it is not in the state that the ledger names; it is copied only if that is asked for");
    }
    return ContentTarget.FileTarget.NONE;
  }

  /** Counts a file. */
  public void file() {
    files++;
  }

  /** Counts a directory. */
  public void directory() {
    directories++;
  }

  /**
   * Everything so far.
   *
   * @param end how the check ended
   * @return the report
   */
  public CheckReport report(CheckReport.End end) {
    flush();
    return new CheckReport(end, findings, counts, directories, files, bytes, damagedBytes);
  }
}
