// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.check.ContentTarget;
import dev.strongroom.file.internal.check.FileFindings;
import dev.strongroom.file.internal.check.Findings;
import dev.strongroom.file.internal.check.SeenHosts;
import dev.strongroom.file.internal.engine.Walk.LastLink;
import dev.strongroom.file.internal.format.v1.AttributeStreamName;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.SystemFile;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks a volume, or what lies below one path: follows the directories, reads every file once, and
 * looks at the end for files that no directory has led to.
 *
 * <p>Everybody else may go on using the volume.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
public final class VolumeCheck {

  private static final int BATCH = 64;

  private final Volume volume;
  private final Namespace namespace;
  private final Findings findings;

  /** How much of a volume is read. */
  enum Depth {
    /** Everything. */
    CONTENT,
    /** Directories, and the headers of what they do not name: enough for a plan. */
    NAMES
  }

  private final ContentTarget target;
  private final Depth depth;
  private final HeldFiles held;
  private final FileCheck files;
  private final LedgerComparison comparison;
  private final SeenHosts seenHosts = new SeenHosts();
  private final UnlistedCheck unlisted;
  private final Deque<HeldFiles.Named> directories = new ArrayDeque<>();

  /**
   * Prepares a check.
   *
   * @param volume the open volume
   * @param namespace its names
   * @param listener hears of it
   * @param target takes the content of all that can be read
   */
  public VolumeCheck(
      Volume volume, Namespace namespace, CheckListener listener, ContentTarget target) {
    this(volume, namespace, listener, target, Depth.CONTENT);
  }

  VolumeCheck(
      Volume volume,
      Namespace namespace,
      CheckListener listener,
      ContentTarget target,
      Depth depth) {
    this.volume = volume;
    this.namespace = namespace;
    this.target = target;
    this.depth = depth;
    findings = new Findings(listener);
    held = new HeldFiles(volume, findings);
    files = new FileCheck(volume, findings);
    comparison = new LedgerComparison(volume, findings);
    unlisted =
        new UnlistedCheck(volume, findings, comparison, seenHosts, target, depth, volume.now());
  }

  /**
   * Checks all of the volume.
   *
   * @return what was met
   * @throws IOException if the store or the element fails
   */
  public CheckReport all() throws IOException {
    try {
      volume.requireUsable();
      if (depth == Depth.CONTENT) {
        findings.total(total());
        volume.repairs().forEach(findings::add);
        new VolumePartsCheck(volume, findings).run();
      }
      Catalogue.Entry root =
          new Catalogue.Entry(FileTable.NO_NAME, volume.file.root(), FileType.DIRECTORY, "");
      directories.push(new HeldFiles.Named("/", root, FileTable.NO_UID, FileTable.ROOT_HOST));
      systemFiles();
      visit();
      unlisted.run();
      return findings.report(CheckReport.End.COMPLETE);
    } catch (Findings.Cancelled e) {
      return findings.report(CheckReport.End.CANCELLED);
    }
  }

  /**
   * Checks one file, or a directory with all below.
   *
   * @param path where it is
   * @return what was met
   * @throws NoSuchFileException if it is not there
   * @throws IOException if a directory on the way is damaged, or the store or the element fails
   */
  public CheckReport below(String path) throws IOException {
    FileNode node;
    try {
      node = namespace.hold(path);
    } catch (IntegrityException e) {
      findings.add(FindingKind.HEADER, Severity.DAMAGE, e.file(), e.detail());
      return findings.report(CheckReport.End.COMPLETE);
    }
    try {
      if (!node.isDirectory()) {
        findings.total(total(node));
      }
      check(node, node.path, null);
    } catch (Findings.Cancelled e) {
      return findings.report(CheckReport.End.CANCELLED);
    } finally {
      volume.release(node);
    }
    try {
      visit();
      return findings.report(CheckReport.End.COMPLETE);
    } catch (Findings.Cancelled e) {
      return findings.report(CheckReport.End.CANCELLED);
    }
  }

  /** What there is to rebuild, after a check of the whole volume. */
  Rebuild.Plan plan() {
    return unlisted.plan();
  }

  private boolean isNamed(HeldFiles.Named directory) {
    try {
      return namespace.exists(directory.path());
    } catch (IOException e) {
      return true; // a directory above it is damaged too
    }
  }

  private long total(FileNode file) {
    AttributeStreamName stream = file.header.stream;
    return file.layout.hostBytes(file.layout.sectors(file.header.length))
        + (stream == null ? 0 : size(Names.host(stream.coded())));
  }

  private long total() throws IOException {
    long bytes = size(Names.VOLUME);
    for (String folder : names(Names.FILES)) {
      String path = Names.FILES + "/" + folder;
      if (path.equals(FileTable.ROOT_HOST) || SystemFile.ofHost(path) != null) {
        bytes += size(path);
        continue;
      }
      for (String name : names(path)) {
        bytes += size(path + "/" + name);
      }
    }
    return bytes;
  }

  private List<String> names(String folder) {
    try {
      return volume.store.list(folder);
    } catch (IOException e) {
      return List.of();
    }
  }

  private long size(String host) {
    try (StoreFile file = volume.store.open(host, Store.Access.READ)) {
      return file.size();
    } catch (IOException e) {
      return 0; // it is met again, where it counts
    }
  }

  /** Tells of a file that would be refused, since its directory is wrong about its stream. */
  private void compareWithDirectory(FileNode node, String path) throws IOException {
    if (path.equals("/")) {
      return;
    }
    try {
      boolean agrees =
          KeyRing.run(
              volume,
              keys -> {
                Catalogue.Entry entry = Walk.find(volume, keys, path, LastLink.MEANT).found();
                return !entry.uid().equals(node.uid())
                    || entry.streamed() == (node.header.stream != null);
              });
      if (!agrees) {
        findings.add(
            FindingKind.CATALOGUE,
            Severity.DAMAGE,
            path,
            "its directory and its header do not agree on whether it has an attribute stream");
      }
    } catch (NoSuchFileException
        | NotDirectoryException
        | IntegrityException
        | RollbackException
        | FileInvalidatedException e) {
      // It has another name by now, or what is damaged above it has been told.
    }
  }

  /** Checks that the pages of the ledger fit together, and who vouches for it. */
  private void checkLedger() throws IOException {
    String path = SystemFile.LEDGER.host();
    volume.lock.lock();
    try {
      volume.ledger.verify();
      if (!volume.ledger.isProved()) {
        findings.add(
            FindingKind.LEDGER,
            Severity.NOTICE,
            path,
            "this element does not vouch for it; whether files are the newest is not known");
      }
    } catch (IntegrityException e) {
      findings.add(
          FindingKind.LEDGER,
          Severity.DAMAGE,
          path,
          e.check() + ": " + e.detail() + "; an administrator can have it rebuilt");
    } finally {
      volume.lock.unlock();
    }
  }

  /** Checks the volume's own files, as far as they have been made. */
  private void systemFiles() throws IOException {
    for (SystemFile file : SystemFile.values()) {
      if (depth == Depth.NAMES || !volume.files.isMade(file)) {
        continue;
      }
      HeldFiles.Named named =
          new HeldFiles.Named(
              file.host(), FileTable.systemEntry(volume, file), volume.file.uid(), file.host());
      for (HeldFiles.Held one : held.hold(List.of(named), each -> true)) {
        try {
          FileFindings sink =
              new FileFindings(findings, file.host(), ContentTarget.FileTarget.NONE);
          files.run(one.node(), file.host(), one.copies(), sink);
          comparison.isCurrent(one.node().header, file.host());
        } finally {
          volume.release(one.node());
        }
      }
      if (file == SystemFile.LEDGER) {
        checkLedger();
      }
    }
  }

  /** Checks directories until there are no more. */
  private void visit() throws IOException {
    while (!directories.isEmpty()) {
      HeldFiles.Named next = directories.pop();
      seenHosts.add(next.host());
      List<HeldFiles.Held> one = held.hold(List.of(next), named -> true);
      if (one.isEmpty()) {
        if (!next.path().equals("/") && !isNamed(next)) {
          continue; // it has gone since its directory was read
        }
        unlisted.damagedHeader(next);
        continue;
      }
      FileNode node = one.get(0).node();
      try {
        seenHosts.add(node.from);
        check(node, next.path(), one.get(0).copies());
      } finally {
        volume.release(node);
      }
    }
  }

  private void check(FileNode node, String path, @Nullable List<byte[]> copies) throws IOException {
    boolean current = comparison.isCurrent(node.header, path);
    if (depth == Depth.CONTENT) {
      compareWithDirectory(node, path);
      try (ContentTarget.FileTarget content =
          current
              ? findings.begin(target, path, node.header)
              : findings.beginNotCurrent(target, path, node.header)) {
        files.run(node, path, copies, new FileFindings(findings, path, content));
        checkStream(node, path, content);
      }
    }
    if (!node.isDirectory()) {
      findings.file();
      return;
    }
    findings.directory();
    List<Catalogue.Entry> entries = entries(node, path);
    if (entries == null || !current) {
      Catalogue.Entry entry =
          new Catalogue.Entry(
              node.header.codedName, node.uid(), FileType.DIRECTORY, node.header.name);
      unlisted.damagedCatalogue(new HeldFiles.Named(path, entry, node.header.parent, node.from));
      return;
    }
    unlisted.wholeDirectory(node.uid());
    String prefix = path.equals("/") ? "/" : path + "/";
    List<HeldFiles.Named> batch = new ArrayList<>();
    for (Catalogue.Entry entry : entries) {
      HeldFiles.Named named =
          new HeldFiles.Named(prefix + entry.name(), entry, node.uid(), Names.host(entry.coded()));
      if (entry.type() == FileType.DIRECTORY) {
        directories.push(named);
      } else {
        batch.add(named);
      }
      if (batch.size() == BATCH) {
        checkFiles(batch, node);
      }
    }
    checkFiles(batch, node);
  }

  private static boolean names(FileNode directory, HeldFiles.Named named) throws IOException {
    Catalogue.Entry now = new Catalogue(directory).find(named.entry().coded());
    return now != null && now.uid().equals(named.entry().uid());
  }

  /** Checks the user attributes of a file that has many, which are a file of their own. */
  private void checkStream(FileNode owner, String path, ContentTarget.FileTarget target)
      throws IOException {
    AttributeStreamName stream = owner.header.stream;
    if (stream == null) {
      copyAttributes(owner, target);
      return;
    }
    Catalogue.Entry entry = new Catalogue.Entry(stream.coded(), stream.uid(), FileType.FILE, "");
    HeldFiles.Named named =
        new HeldFiles.Named(path + STREAM, entry, owner.uid(), Names.host(stream.coded()));
    seenHosts.add(named.host());
    for (HeldFiles.Held one :
        held.hold(List.of(named), each -> stream.equals(owner.header.stream))) {
      try {
        seenHosts.add(one.node().from);
        try (AttributeContent content =
            new AttributeContent(target, findings, named.path(), one.node().header.length)) {
          files.run(
              one.node(),
              named.path(),
              one.copies(),
              new FileFindings(findings, named.path(), content));
        }
      } finally {
        volume.release(one.node());
      }
    }
  }

  private static void copyAttributes(FileNode owner, ContentTarget.FileTarget target)
      throws IOException {
    UserAttributeSet attributes;
    owner.lock.lock();
    try {
      attributes = owner.header.attributes.copy();
    } finally {
      owner.lock.unlock();
    }
    try {
      target.attributes(attributes);
    } finally {
      attributes.erase();
    }
  }

  /** What is said behind the path of a file whose user attributes are meant. */
  static final String STREAM = " (user attributes)";

  private void checkFiles(List<HeldFiles.Named> batch, FileNode directory) throws IOException {
    batch.forEach(named -> seenHosts.add(named.host()));
    if (depth == Depth.NAMES) {
      batch.clear();
      return;
    }
    Deque<HeldFiles.Held> waiting =
        new ArrayDeque<>(held.hold(batch, named -> names(directory, named)));
    batch.clear();
    try {
      while (!waiting.isEmpty()) {
        HeldFiles.Held next = waiting.peek();
        seenHosts.add(next.node().from);
        check(next.node(), next.named().path(), next.copies());
        waiting.remove();
        volume.release(next.node());
      }
    } finally {
      for (HeldFiles.Held each : waiting) {
        volume.release(each.node());
      }
    }
  }

  /** The entries of a directory, or null if not all of them can be read. */
  private @Nullable List<Catalogue.Entry> entries(FileNode node, String path) throws IOException {
    volume.lock.lock();
    try {
      List<Catalogue.Entry> entries = new Catalogue(node).verified();
      for (Catalogue.Entry entry : entries) {
        if (!Names.code(node.header.namesKey, entry.name()).equals(entry.coded())) {
          findings.add(
              FindingKind.CATALOGUE,
              Severity.DAMAGE,
              path,
              "the entry \"" + entry.name() + "\" has the coded name of another");
          return null;
        }
      }
      return entries;
    } catch (IntegrityException e) {
      findings.add(FindingKind.CATALOGUE, Severity.DAMAGE, path, e.check() + ": " + e.detail());
      return null;
    } finally {
      volume.lock.unlock();
    }
  }
}
