// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.check.ContentKeys;
import dev.strongroom.file.internal.check.ContentTarget;
import dev.strongroom.file.internal.check.FileFindings;
import dev.strongroom.file.internal.check.FileScan;
import dev.strongroom.file.internal.check.Findings;
import dev.strongroom.file.internal.check.ScannedFile;
import dev.strongroom.file.internal.check.SeenHosts;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.engine.UnlistedFiles.Unlisted;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the files that no directory has led to. Those below a damaged directory are its own as far
 * as anybody can tell, and are read like all others, under the paths that their headers give them;
 * what a whole directory does not name is an orphan, and not read.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class UnlistedCheck {

  /** Where files go whose directory is lost. */
  static final String LOST_AND_FOUND = "/lost+found";

  private static final int BATCH = 64;

  private final Volume volume;
  private final Findings findings;
  private final ContentTarget target;
  private final UnlistedFiles unlisted;
  private final Map<Bytes, String> damaged = new HashMap<>();
  private final SeenHosts whole = new SeenHosts();
  private Map<Bytes, Unlisted> found = Map.of();

  UnlistedCheck(
      Volume volume, Findings findings, SeenHosts seen, ContentTarget target, Instant start) {
    this.volume = volume;
    this.findings = findings;
    this.target = target;
    unlisted = new UnlistedFiles(volume, findings, seen, start);
  }

  /** Takes in a directory whose entries cannot all be read. */
  void damagedDirectory(Bytes uid, String path) {
    damaged.put(uid, path);
  }

  /** Takes in a directory whose entries have all been read. */
  void wholeDirectory(Bytes uid) {
    whole.add(uid.toString());
  }

  void run() throws IOException {
    found = unlisted.find();
    List<String> readable = new ArrayList<>();
    for (Unlisted file : found.values()) {
      String path = path(file, 0);
      if (path == null) {
        unlisted.orphan(file, "which its directory does not name");
      } else if (file.type() == FileType.DIRECTORY) {
        findings.directory();
        findings.add(FindingKind.ORPHAN, Severity.NOTICE, path, DETACHED);
        readable.add(file.host());
      } else {
        readable.add(file.host());
      }
    }
    readable.sort(null);
    for (int from = 0; from < readable.size(); from += BATCH) {
      List<String> hosts = readable.subList(from, Math.min(readable.size(), from + BATCH));
      unlisted.visit(hosts, this::check);
    }
  }

  private static final String DETACHED = "its directory is damaged, so nothing names it";

  /** The path that headers give a file; null if its directory is whole and does not name it. */
  private @Nullable String path(Unlisted file, int depth) {
    String parent = damaged.get(file.parent());
    if (parent != null) {
      return (parent.equals("/") ? "" : parent) + "/" + file.name();
    }
    if (whole.contains(file.parent().toString())) {
      return null;
    }
    Unlisted above = found.get(file.parent());
    if (above != null && depth < MOST_LEVELS) {
      String path = path(above, depth + 1);
      return path == null ? null : path + "/" + file.name();
    }
    return LOST_AND_FOUND + "/" + file.parent() + "/" + file.name();
  }

  private static final int MOST_LEVELS = 1000;

  private void check(Unlisted file, FileHeader header, FileKeys keys, List<byte[]> copies)
      throws IOException {
    String path = java.util.Objects.requireNonNull(path(file, 0));
    if (!HeaderReader.areEqual(copies)) {
      findings.add(FindingKind.HEADER_COPY, Severity.REPAIRABLE, path, "one of the two is damaged");
    }
    try (ContentKeys content = FileCheck.contentKeys(volume, header, keys)) {
      check(
          file,
          header,
          path,
          new ScannedFile(
              header, keys, content, ScannedFile.Covered.NOTHING, ScannedFile.SecondLook.NONE));
    }
  }

  private void check(Unlisted file, FileHeader header, String path, ScannedFile scanned)
      throws IOException {
    if (file.type() == FileType.DIRECTORY) {
      target.directory(path, header);
      scan(file, path, scanned, ContentTarget.FileTarget.NONE);
      return;
    }
    findings.file();
    try (ContentTarget.FileTarget content = target.file(path, header)) {
      scan(file, path, scanned, content);
    }
  }

  private void scan(
      Unlisted file, String path, ScannedFile scanned, ContentTarget.FileTarget content)
      throws IOException {
    try (StoreFile host = volume.store.open(file.host(), Store.Access.READ)) {
      FileFindings sink = new FileFindings(findings, path, content);
      new FileScan(scanned, host, sink, more -> findings.read(path, more)).run();
    }
  }
}
