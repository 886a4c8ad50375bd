// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import java.io.IOException;

/**
 * Turns what a scan of one file meets into findings, and hands its content on.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
public final class FileFindings implements ScanSink {

  private final Findings findings;
  private final String path;
  private final ContentTarget.FileTarget target;

  /**
   * Begins a file.
   *
   * @param findings takes what is met
   * @param path the file's path
   * @param target takes its content
   */
  public FileFindings(Findings findings, String path, ContentTarget.FileTarget target) {
    this.findings = findings;
    this.path = path;
    this.target = target;
  }

  @Override
  public void content(long position, byte[] clear, int offset, int length) throws IOException {
    target.content(position, clear, offset, length);
  }

  @Override
  public void damaged(FindingKind kind, long from, long to, String detail) {
    findings.add(new Finding(kind, Severity.DAMAGE, path, from, to, detail));
  }

  @Override
  public void purifiedInPart(long from, long to) {
    findings.add(
        new Finding(
            FindingKind.PARTLY_PURIFIED,
            Severity.NOTICE,
            path,
            from,
            to,
            "was damaged; a part has been written since, the rest was filled with zeros"));
  }
}
