// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.check.Findings;
import dev.strongroom.file.internal.check.SeenHosts;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.SystemFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the host files of a volume that no directory has led to, and reads what their headers say.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class UnlistedFiles {

  /** A secure file that no directory has led to. */
  record Unlisted(
      Bytes uid,
      Bytes parent,
      Bytes coded,
      String name,
      FileType type,
      long generation,
      String host,
      boolean isStream,
      boolean streamed,
      boolean current) {

    /** Whether this one counts of two with one UID: the one that was committed last. */
    boolean countsBefore(Unlisted other) {
      return current == other.current ? generation >= other.generation : current;
    }
  }

  /** Takes a file's header, with keys that are closed afterwards. */
  interface Visitor {
    void visit(Unlisted file, FileHeader header, FileKeys keys, List<byte[]> copies)
        throws IOException;
  }

  private static final int BATCH = 64;

  private final Volume volume;
  private final Findings findings;
  private final SeenHosts seen;
  private final Instant start;
  private final long mark;

  /**
   * Looks for files.
   *
   * @param seen host files that directories have led to
   * @param start when the check began; files changed since are not strange
   */
  UnlistedFiles(Volume volume, Findings findings, SeenHosts seen, Instant start) {
    this.volume = volume;
    this.findings = findings;
    this.seen = seen;
    this.start = start;
    mark = volume.journal.appendedThrough();
  }

  /** All of them, by UID; of two with one UID the one that counts. */
  Map<Bytes, Unlisted> find() throws IOException {
    Map<Bytes, Unlisted> found = new HashMap<>();
    List<String> batch = new ArrayList<>();
    for (String folder : list(Names.FILES)) {
      String path = Names.FILES + "/" + folder;
      if (path.equals(FileTable.ROOT_HOST) || SystemFile.ofHost(path) != null) {
        continue;
      }
      for (String name : list(path)) {
        String host = path + "/" + name;
        if (!seen.contains(host) && !isKnown(host)) {
          batch.add(host);
        }
        if (batch.size() == BATCH) {
          take(batch, found);
        }
      }
    }
    take(batch, found);
    return found;
  }

  private List<String> list(String folder) throws IOException {
    try {
      List<String> names = new ArrayList<>(volume.store.list(folder));
      names.sort(null);
      return names;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (NotDirectoryException e) {
      findings.add(FindingKind.FOREIGN_FILE, Severity.NOTICE, folder, "is not of this volume");
      return List.of();
    }
  }

  /** Whether it belongs to a file that is in use, or has ended. */
  private boolean isKnown(String host) {
    volume.lock.lock();
    try {
      if (volume.commits.isRemoved(host)) {
        return true;
      }
      for (FileNode node : volume.nodes.values()) {
        if (node.from.equals(host) || node.host.equals(host)) {
          return true;
        }
      }
      return false;
    } finally {
      volume.lock.unlock();
    }
  }

  private void take(List<String> hosts, Map<Bytes, Unlisted> found) throws IOException {
    visit(
        hosts,
        (file, header, keys, copies) -> {
          boolean quiet = volume.journal.appendedThrough() == mark;
          if (!quiet && !header.changed.isBefore(start)) {
            return; // made or moved while the check was under way
          }
          Unlisted other = found.get(file.uid());
          boolean counts = other == null || !other.countsBefore(file);
          if (counts) {
            found.put(file.uid(), file);
          }
          Unlisted older = other != null && counts ? other : file;
          if (other != null) {
            orphan(older, "an older copy of " + found.get(file.uid()));
          }
        });
    hosts.clear();
  }

  /** Tells of a file that no directory names. */
  void orphan(Unlisted file, String detail) {
    findings.add(
        FindingKind.ORPHAN,
        Severity.NOTICE,
        file.host(),
        "the secure file \"" + file.name() + "\", " + detail);
  }

  /** Reads the headers of host files, with keys in one batch. */
  void visit(List<String> hosts, Visitor visitor) throws IOException {
    List<String> readable = new ArrayList<>();
    List<List<byte[]>> copies = new ArrayList<>();
    List<KeyRequest> requests = new ArrayList<>();
    for (String host : hosts) {
      List<byte[]> read;
      try {
        read = HeaderReader.copies(volume.store, host);
      } catch (NoSuchFileException e) {
        continue;
      }
      read.forEach(copy -> findings.read(host, copy.length));
      KeyRequest request = request(host, read);
      if (request != null) {
        readable.add(host);
        copies.add(read);
        requests.add(request);
      }
    }
    if (requests.isEmpty()) {
      return;
    }
    List<Grub> grubs = volume.pairs(requests);
    try {
      for (int i = 0; i < requests.size(); i++) {
        visit(readable.get(i), copies.get(i), grubs.get(i), visitor);
      }
    } finally {
      grubs.forEach(Grub::close);
    }
  }

  private void visit(String host, List<byte[]> copies, Grub grub, Visitor visitor)
      throws IOException {
    try (FileKeys keys = FileKeys.of(grub)) {
      FileHeader header;
      try {
        header = HeaderReader.newest(copies, host, keys).header();
      } catch (IOException e) {
        findings.add(
            FindingKind.HEADER, Severity.DAMAGE, host, "it is not authentic in either copy");
        return;
      }
      boolean inTransit = host.startsWith(Names.TRANSIT + "/");
      if (!inTransit && !FileTable.host(header.codedName).equals(host)) {
        findings.add(
            FindingKind.FOREIGN_HEADER, Severity.DAMAGE, host, "it belongs to another name");
        return;
      }
      visitor.visit(
          new Unlisted(
              header.uid,
              header.parent,
              header.codedName,
              header.name,
              header.type,
              header.generation,
              host,
              header.attributeStream,
              header.stream != null,
              isCurrent(header)),
          header,
          keys,
          copies);
    }
  }

  /** A ledger that cannot be read tells nothing. */
  private boolean isCurrent(FileHeader header) throws IOException {
    volume.lock.lock();
    try {
      return volume.ledger.isCurrent(header);
    } catch (IntegrityException e) {
      return true;
    } finally {
      volume.lock.unlock();
    }
  }

  private @Nullable KeyRequest request(String host, List<byte[]> copies) {
    String problem = "is no secure file";
    for (byte[] copy : copies) {
      try {
        FileHeader.Clear clear = FileHeader.clear(host, copy);
        if (clear.volume().equals(volume.file.id())) {
          return KeyRequest.of(clear);
        }
        problem = "is of another volume";
      } catch (FileHeader.Refused e) {
        // told below
      } catch (FormatVersionException e) {
        problem = String.valueOf(e.getMessage());
      }
    }
    findings.add(FindingKind.FOREIGN_FILE, Severity.NOTICE, host, problem);
    return null;
  }
}
