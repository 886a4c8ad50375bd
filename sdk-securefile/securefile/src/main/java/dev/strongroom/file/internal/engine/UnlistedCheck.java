// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.check.ContentTarget;
import dev.strongroom.file.internal.check.FileFindings;
import dev.strongroom.file.internal.check.FileScan;
import dev.strongroom.file.internal.check.Findings;
import dev.strongroom.file.internal.check.ScannedFile;
import dev.strongroom.file.internal.check.SectorKeys;
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
  private final LedgerComparison comparison;
  private final ContentTarget target;
  private final VolumeCheck.Depth depth;
  private final UnlistedFiles unlisted;
  private final Map<Bytes, String> damaged = new HashMap<>();
  private final List<HeldFiles.Named> catalogues = new ArrayList<>();
  private final List<HeldFiles.Named> headless = new ArrayList<>();
  private final List<Unlisted> children = new ArrayList<>();
  private final SeenHosts whole = new SeenHosts();
  private Map<Bytes, Unlisted> found = Map.of();

  UnlistedCheck(
      Volume volume,
      Findings findings,
      LedgerComparison comparison,
      SeenHosts seen,
      ContentTarget target,
      VolumeCheck.Depth depth,
      Instant start) {
    this.depth = depth;
    this.volume = volume;
    this.findings = findings;
    this.comparison = comparison;
    this.target = target;
    unlisted = new UnlistedFiles(volume, findings, seen, start);
  }

  /** Takes in a directory whose entries cannot all be read. */
  void damagedCatalogue(HeldFiles.Named directory) {
    damaged.put(directory.entry().uid(), directory.path());
    catalogues.add(directory);
  }

  /** Takes in a directory without a header that can be used. */
  void damagedHeader(HeldFiles.Named directory) {
    damaged.put(directory.entry().uid(), directory.path());
    headless.add(directory);
  }

  /** What there is to rebuild. */
  Rebuild.Plan plan() {
    return new Rebuild.Plan(catalogues, headless, children, !found.isEmpty());
  }

  /** Takes in a directory whose entries have all been read. */
  void wholeDirectory(Bytes uid) {
    whole.add(uid.toString());
  }

  void run() throws IOException {
    found = unlisted.find();
    List<String> readable = new ArrayList<>();
    for (Unlisted file : found.values()) {
      String path = file.isStream() ? streamPath(file) : path(file, 0);
      if (path != null && !file.isStream() && !found.containsKey(file.parent())) {
        children.add(file);
      }
      if (depth == VolumeCheck.Depth.NAMES) {
        continue; // only a check of everything knows the attribute streams that files name
      }
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

  /** The path of an attribute stream whose owner is unlisted too; null if it has none. */
  private @Nullable String streamPath(Unlisted stream) {
    Unlisted owner = found.get(stream.parent());
    String path = owner == null || !owner.streamed() ? null : path(owner, 0);
    return path == null ? null : path + VolumeCheck.STREAM;
  }

  private static final int MOST_LEVELS = 1000;

  private void check(Unlisted file, FileHeader header, FileKeys keys, List<byte[]> copies)
      throws IOException {
    String path =
        java.util.Objects.requireNonNull(file.isStream() ? streamPath(file) : path(file, 0));
    if (!HeaderReader.areEqual(copies)) {
      findings.add(FindingKind.HEADER_COPY, Severity.REPAIRABLE, path, "one of the two is damaged");
    }
    if (file.type() != FileType.DIRECTORY && !file.isStream()) {
      findings.file();
    }
    ContentTarget wanted = file.isStream() ? ContentTarget.NONE : target;
    boolean current = comparison.isCurrent(header, path);
    try (ContentTarget.FileTarget content =
            current
                ? findings.begin(wanted, path, header)
                : findings.beginNotCurrent(wanted, path, header);
        SectorKeys sectorKeys = ScannedPageKeys.of(volume, header, keys)) {
      ScannedFile.Covered nothing = ScannedFile.Covered.NOTHING;
      ScannedFile.SecondLook none = ScannedFile.SecondLook.NONE;
      scan(file, path, new ScannedFile(header, keys, sectorKeys, nothing, none), content);
      if (header.stream == null) {
        content.attributes(header.attributes);
      } else if (content != ContentTarget.FileTarget.NONE) {
        findings.add(
            FindingKind.NOT_SALVAGED,
            Severity.DAMAGE,
            path,
            "its user attributes lie in a file of their own, and are not copied");
      }
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
