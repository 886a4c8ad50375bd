// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads headers out of host files.
 *
 * <p>Thread safety: stateless.
 */
final class HeaderReader {

  private HeaderReader() {}

  /** An open host file and the header copies in it, as long as nothing on the medium changes. */
  static final class Found implements AutoCloseable {
    private final Volume volume;
    private final String host;
    private final long hostChanges;
    private final List<byte[]> copies;
    private @Nullable StoreFile file;

    private Found(Volume volume, String host, StoreFile file) throws IOException {
      this.volume = volume;
      this.host = host;
      this.file = file;
      hostChanges = volume.hostChanges;
      copies = copies(file);
    }

    private boolean isOf(String wanted) {
      return host.equals(wanted) && hostChanges == volume.hostChanges;
    }

    /** Hands the open file over to the caller. */
    @Nullable StoreFile take() {
      StoreFile taken = file;
      file = null;
      return taken;
    }

    @Override
    public void close() {
      StoreFile open = take();
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          volume.log("closing a host file failed", e);
        }
      }
    }
  }

  /**
   * The copies of a host file: the first as far as it goes, and the second where it stands, even
   * when the first does not tell.
   *
   * @throws NoSuchFileException if the host file is missing
   */
  static List<byte[]> copies(Store store, String host) throws IOException {
    try (StoreFile file = store.open(host, Store.Access.READ)) {
      return copies(file);
    }
  }

  private static List<byte[]> copies(StoreFile file) throws IOException {
    int usual = FileHeader.DEFAULT_BYTES;
    byte[] begin;
    try (RunBuffer buffer = RunBuffer.take(2 * usual)) {
      int read = file.read(0, buffer.cipher, 0, 2 * usual);
      if (read == 2 * usual
          && Arrays.equals(buffer.cipher, 0, usual, buffer.cipher, usual, 2 * usual)
          && headerBytes(buffer.cipher) == usual) {
        byte[] both = Arrays.copyOf(buffer.cipher, usual);
        return List.of(both, both);
      }
      begin = Arrays.copyOf(buffer.cipher, read);
    }
    int first = headerBytes(begin);
    byte[] firstCopy = first <= begin.length ? Arrays.copyOf(begin, first) : read(file, 0, first);
    List<byte[]> copies = new ArrayList<>();
    copies.add(firstCopy);
    byte[] usualSecond = Arrays.copyOfRange(begin, Math.min(usual, begin.length), begin.length);
    if (first == usual && isClear(usualSecond) && headerBytes(usualSecond) == usual) {
      copies.add(usualSecond);
      return copies;
    }
    for (int at = FileHeader.DEFAULT_BYTES; at <= FileHeader.MAX_BYTES; at += 4096) {
      byte[] second = read(file, at, at);
      if (second.length == at && isClear(second) && headerBytes(second) == at) {
        copies.add(second);
        return copies;
      }
    }
    if (first == usual && usualSecond.length == usual) {
      copies.add(usualSecond); // what it is, its reader tells
    }
    return copies;
  }

  private static byte[] read(StoreFile file, long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    int read = file.read(position, bytes, 0, length);
    return read == length ? bytes : Arrays.copyOf(bytes, read);
  }

  private static boolean isClear(byte[] copy) {
    try {
      FileHeader.clear("", copy);
      return true;
    } catch (FileHeader.Refused | FormatVersionException e) {
      return false;
    }
  }

  private static int headerBytes(byte[] begin) {
    try {
      return FileHeader.clear("", begin).headerBytes();
    } catch (FileHeader.Refused | FormatVersionException e) {
      return FileHeader.DEFAULT_BYTES;
    }
  }

  /** The host file's copies, read again only if something may have changed since. */
  private static List<byte[]> copies(
      Volume volume, KeyRing keys, Bytes uid, String host, String path) throws IOException {
    Found found = keys.found.get(uid);
    if (found == null || !found.isOf(host)) {
      forget(keys, uid);
      found = open(volume, host, path);
      keys.found.put(uid, found);
    }
    return found.copies;
  }

  private static Found open(Volume volume, String host, String path) throws IOException {
    StoreFile file;
    try {
      file = volume.store.open(host, Store.Access.READ);
    } catch (NoSuchFileException e) {
      throw new IntegrityException(
          path, "header", -1, -1, -1, "the host file " + host + " is missing");
    }
    try {
      return new Found(volume, host, file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static void forget(KeyRing keys, Bytes uid) {
    Found before = keys.found.remove(uid);
    if (before != null) {
      before.close();
    }
  }

  /**
   * What the element may be asked for, as the copies say: one request, or two where they differ.
   */
  static List<KeyRequest> requests(Volume volume, KeyRing keys, Bytes uid, String host, String path)
      throws IOException {
    return requests(copies(volume, keys, uid, host, path), uid, path);
  }

  /** The same of copies that have been read. */
  static List<KeyRequest> requests(List<byte[]> copies, Bytes uid, String path) throws IOException {
    List<KeyRequest> requests = new ArrayList<>();
    FormatVersionException unknown = null;
    String problem = "the host file is too short";
    for (byte[] copy : copies) {
      try {
        FileHeader.Clear clear = FileHeader.clear(path, copy);
        KeyRequest request = KeyRequest.of(clear);
        if (!clear.uid().equals(uid)) {
          problem = "its UID is " + clear.uid() + ", the directory says " + uid;
        } else if (!requests.contains(request)) {
          requests.add(request);
        }
      } catch (FileHeader.Refused e) {
        problem = String.valueOf(e.getMessage());
      } catch (FormatVersionException e) {
        unknown = e;
      }
    }
    if (requests.isEmpty() && unknown != null) {
      throw unknown;
    }
    if (requests.isEmpty()) {
      throw new IntegrityException(path, "header", -1, -1, -1, "both copies: " + problem);
    }
    return requests;
  }

  /** An authentic copy and what it says. */
  static final class Authentic {
    private final FileHeader header;
    private final byte[] copy;

    private Authentic(FileHeader header, byte[] copy) {
      this.header = header;
      this.copy = copy;
    }

    FileHeader header() {
      return header;
    }
  }

  /** The newest authentic copy; a damaged one is written again where that is allowed. */
  static FileHeader read(
      Volume volume, KeyRing ring, Bytes uid, String host, String path, FileKeys keys)
      throws IOException {
    List<byte[]> copies = copies(volume, ring, uid, host, path);
    Authentic newest = newest(copies, path, keys);
    if (!volume.isReadOnly() && !areEqual(copies)) {
      forget(ring, uid);
      repair(volume, host, path, newest);
    }
    return newest.header();
  }

  /** Whether both copies are there and say the same. */
  static boolean areEqual(List<byte[]> copies) {
    return copies.size() == 2
        && (copies.get(0) == copies.get(1) || Arrays.equals(copies.get(0), copies.get(1)));
  }

  /**
   * The newest authentic one of copies that have been read.
   *
   * @throws IntegrityException if none is authentic
   */
  static Authentic newest(List<byte[]> copies, String path, FileKeys keys) throws IOException {
    String problem = "the host file is too short";
    Authentic newest = null;
    FormatVersionException unknown = null;
    for (byte[] copy : areEqual(copies) ? copies.subList(0, 1) : copies) {
      try {
        FileHeader header = FileHeader.decode(path, copy, keys);
        if (newest == null || header.generation > newest.header().generation) {
          newest = new Authentic(header, copy);
        }
      } catch (FileHeader.Refused e) {
        problem = String.valueOf(e.getMessage());
      } catch (FormatVersionException e) {
        unknown = e;
      }
    }
    if (newest == null && unknown != null) {
      throw unknown;
    }
    if (newest == null) {
      throw new IntegrityException(path, "header", -1, -1, -1, "both copies: " + problem);
    }
    return newest;
  }

  /** Writes the copy that differs from the good one again. */
  static void repair(Volume volume, String host, String path, Authentic good) throws IOException {
    byte[] copy = Arrays.copyOf(good.copy, good.header.headerBytes);
    try (StoreFile file = volume.store.open(host, Store.Access.WRITE)) {
      for (long at : new long[] {0, copy.length}) {
        if (!Arrays.equals(read(file, at, copy.length), copy)) {
          file.write(at, copy, 0, copy.length);
        }
      }
    }
    volume.repaired(FindingKind.HEADER_COPY, path, "written again from the other copy");
  }
}
