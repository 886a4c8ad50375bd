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
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.SystemFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the files that a directory names, for a check: their keys come from the element in batches,
 * their headers are read once.
 *
 * <p>Nobody is kept from the volume meanwhile, so what was read may be overtaken. A file counts as
 * read only if its header is the same under the volume's lock, and as missing or damaged only if
 * its directory still names it then.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class HeldFiles {

  /** A file as a directory names it. */
  record Named(String path, Catalogue.Entry entry, Bytes parent, String host) {

    /** Whether it is the attribute stream of its parent. */
    boolean isStream() {
      return entry.name().isEmpty() && entry.type() == FileType.FILE && system() == null;
    }

    /** Which of the volume's own files it is, or null. */
    @Nullable SystemFile system() {
      return SystemFile.of(entry.coded());
    }
  }

  /** Whether a file is still named where it was; asked under the volume's lock. */
  interface Listing {
    boolean names(Named named) throws IOException;
  }

  /** A file that is held; the copies if they were read for it, just now. */
  record Held(Named named, FileNode node, @Nullable List<byte[]> copies) {}

  private static final int ATTEMPTS = 5;

  private final Volume volume;
  private final Findings findings;

  /** What had changed on the medium when the files were looked for. */
  private long mark;

  HeldFiles(Volume volume, Findings findings) {
    this.volume = volume;
    this.findings = findings;
  }

  /**
   * Takes files into use; the caller gives each back with {@link Volume#release}. Those that cannot
   * be used become findings.
   *
   * @param listing asked before one of them counts as missing or damaged
   */
  List<Held> hold(List<Named> all, Listing listing) throws IOException {
    List<Held> held = new ArrayList<>();
    List<Named> waiting = new ArrayList<>(all);
    try {
      for (int attempt = 1; !waiting.isEmpty(); attempt++) {
        waiting = attempt(waiting, listing, held, attempt == ATTEMPTS);
      }
      return held;
    } catch (IOException | RuntimeException e) {
      for (Held each : held) {
        volume.release(each.node());
      }
      throw e;
    }
  }

  private List<Named> attempt(List<Named> wanted, Listing listing, List<Held> held, boolean last)
      throws IOException {
    List<Named> absent = takePresent(wanted, held);
    List<@Nullable List<byte[]>> copies = new ArrayList<>();
    List<KeyRequest> requests = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    for (int i = 0; i < absent.size(); i++) {
      Named named = absent.get(i);
      List<byte[]> read = read(named);
      copies.add(read);
      for (KeyRequest request : requests(named, read)) {
        requests.add(request);
        owners.add(i);
      }
    }
    List<Grub> grubs = requests.isEmpty() ? List.of() : volume.pairs(requests);
    try {
      List<Named> again = new ArrayList<>();
      for (int i = 0; i < absent.size(); i++) {
        List<Grub> candidates = new ArrayList<>();
        for (int k = 0; k < owners.size(); k++) {
          if (owners.get(k) == i) {
            candidates.add(grubs.get(k));
          }
        }
        if (!take(absent.get(i), copies.get(i), candidates, listing, held, last)) {
          again.add(absent.get(i));
        }
      }
      return again;
    } finally {
      grubs.forEach(Grub::close);
    }
  }

  private List<Named> takePresent(List<Named> wanted, List<Held> held) throws IOException {
    List<Named> absent = new ArrayList<>();
    volume.lock.lock();
    try {
      volume.requireUsable();
      mark = volume.hostChanges;
      for (Named named : wanted) {
        FileNode node = volume.nodes.get(named.entry().uid());
        if (node == null) {
          absent.add(named);
        } else {
          node.references++;
          held.add(new Held(named, node, null));
        }
      }
    } finally {
      volume.lock.unlock();
    }
    return absent;
  }

  private @Nullable List<byte[]> read(Named named) throws IOException {
    try {
      List<byte[]> copies = HeaderReader.copies(volume.store, named.host());
      copies.forEach(copy -> findings.read(named.path(), copy.length));
      return copies;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static List<KeyRequest> requests(Named named, @Nullable List<byte[]> copies) {
    try {
      return copies == null
          ? List.of()
          : HeaderReader.requests(copies, named.entry().uid(), named.path());
    } catch (IOException e) {
      return List.of(); // told when it is taken
    }
  }

  /** Takes one file; answers whether that is the last word on it. */
  private boolean take(
      Named named,
      @Nullable List<byte[]> copies,
      List<Grub> candidates,
      Listing listing,
      List<Held> held,
      boolean last)
      throws IOException {
    volume.lock.lock();
    try {
      volume.requireUsable();
      FileNode node = volume.nodes.get(named.entry().uid());
      if (node != null) {
        node.references++;
        held.add(new Held(named, node, null));
        return true;
      }
      if (!listing.names(named)) {
        return true; // it has gone, or has another name since
      }
      if (!volume.isReadOnly() && !same(copies, named)) {
        if (last) {
          findings.add(
              FindingKind.HEADER, Severity.NOTICE, named.path(), "changes too fast to be checked");
        }
        return last;
      }
      if (copies == null) {
        findings.add(
            FindingKind.MISSING_HOST_FILE,
            Severity.DAMAGE,
            named.path(),
            "the host file " + named.host() + " is missing");
        return true;
      }
      FileNode opened = open(named, copies, candidates);
      if (opened != null) {
        opened.references++;
        volume.nodes.put(opened.uid(), opened);
        held.add(new Held(named, opened, copies));
      }
      return true;
    } finally {
      volume.lock.unlock();
    }
  }

  /** Whether the header is still the one that was read. */
  private boolean same(@Nullable List<byte[]> before, Named named) throws IOException {
    if (volume.hostChanges == mark) {
      return true;
    }
    List<byte[]> now;
    try {
      now = HeaderReader.copies(volume.store, named.host());
    } catch (NoSuchFileException e) {
      now = null;
    }
    if (before == null || now == null) {
      return before == null && now == null;
    }
    return Arrays.deepEquals(before.toArray(), now.toArray());
  }

  private @Nullable FileNode open(Named named, List<byte[]> copies, List<Grub> candidates) {
    try {
      IOException problem = null;
      for (Grub grub : candidates) {
        FileKeys keys = FileKeys.of(grub);
        try {
          FileHeader header = HeaderReader.newest(copies, named.path(), keys).header();
          requireBound(header, named);
          return new FileNode(volume, header, keys, named.host(), named.host(), named.path());
        } catch (IOException e) {
          keys.close();
          problem = e;
        }
      }
      if (problem == null) {
        HeaderReader.requests(copies, named.entry().uid(), named.path());
        throw new IntegrityException(
            named.path(), "header", -1, -1, -1, "neither copy can be read");
      }
      throw problem;
    } catch (FormatVersionException e) {
      findings.add(
          FindingKind.UNKNOWN_FORMAT,
          Severity.DAMAGE,
          named.path(),
          String.valueOf(e.getMessage()));
    } catch (IntegrityException e) {
      boolean foreign = e.check().equals(FOREIGN) || isOfAnother(copies, named.entry().uid());
      findings.add(
          foreign ? FindingKind.FOREIGN_HEADER : FindingKind.HEADER,
          Severity.DAMAGE,
          named.path(),
          e.detail());
    } catch (IOException e) {
      findings.add(
          FindingKind.HEADER, Severity.DAMAGE, named.path(), String.valueOf(e.getMessage()));
    }
    return null;
  }

  private static final String FOREIGN = "binding";

  private static boolean isOfAnother(List<byte[]> copies, Bytes uid) {
    for (byte[] copy : copies) {
      try {
        if (!FileHeader.clear("", copy).uid().equals(uid)) {
          return true;
        }
      } catch (FileHeader.Refused | FormatVersionException e) {
        // not readable, so not known to be another's
      }
    }
    return false;
  }

  private void requireBound(FileHeader header, Named named) throws IntegrityException {
    if (!header.uid.equals(named.entry().uid())
        || !header.volume.equals(volume.file.id())
        || !header.parent.equals(named.parent())
        || !header.codedName.equals(named.entry().coded())
        || header.attributeStream != named.isStream()
        || header.system != named.system()
        || header.type != named.entry().type()) {
      throw new IntegrityException(
          named.path(), FOREIGN, -1, -1, -1, "it belongs to another name, directory or volume");
    }
  }
}
