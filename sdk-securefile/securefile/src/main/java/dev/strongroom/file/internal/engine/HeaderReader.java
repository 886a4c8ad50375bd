// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.GrubRequest;
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

/**
 * Reads headers out of host files.
 *
 * <p>Thread safety: stateless.
 */
final class HeaderReader {

  private HeaderReader() {}

  /**
   * The copies of a host file: the first as far as it goes, and the second where it stands, even
   * when the first does not tell.
   *
   * @throws NoSuchFileException if the host file is missing
   */
  static List<byte[]> copies(Store store, String host) throws IOException {
    try (StoreFile file = store.open(host, Store.Access.READ)) {
      byte[] begin = read(file, 0, 2 * FileHeader.DEFAULT_BYTES);
      int first = headerBytes(begin);
      byte[] firstCopy = first <= begin.length ? Arrays.copyOf(begin, first) : read(file, 0, first);
      List<byte[]> copies = new ArrayList<>();
      copies.add(firstCopy);
      if (first == FileHeader.DEFAULT_BYTES && begin.length == 2 * first) {
        byte[] second = Arrays.copyOfRange(begin, first, 2 * first);
        if (headerBytes(second) == first) {
          copies.add(second);
          return copies;
        }
      }
      for (int at = FileHeader.DEFAULT_BYTES; at <= FileHeader.MAX_BYTES; at += 4096) {
        byte[] second = read(file, at, at);
        if (second.length == at && isClear(second) && headerBytes(second) == at) {
          copies.add(second);
          return copies;
        }
      }
      return copies;
    }
  }

  private static byte[] read(StoreFile file, long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    return Arrays.copyOf(bytes, file.read(position, bytes, 0, length));
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

  private static List<byte[]> copies(Volume volume, String host, String path) throws IOException {
    try {
      return copies(volume.store, host);
    } catch (NoSuchFileException e) {
      throw new IntegrityException(
          path, "header", -1, -1, -1, "the host file " + host + " is missing");
    }
  }

  /**
   * What the element may be asked for, as the copies say: one request, or two where they differ.
   */
  static List<GrubRequest> requests(Volume volume, Bytes uid, String host, String path)
      throws IOException {
    return requests(copies(volume, host, path), uid, path);
  }

  /** The same of copies that have been read. */
  static List<GrubRequest> requests(List<byte[]> copies, Bytes uid, String path)
      throws IOException {
    List<GrubRequest> requests = new ArrayList<>();
    FormatVersionException unknown = null;
    String problem = "the host file is too short";
    for (byte[] copy : copies) {
      try {
        FileHeader.Clear clear = FileHeader.clear(path, copy);
        GrubRequest request = GrubRequest.existing(clear.uid(), clear.rnd(), clear.epoch());
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
  record Authentic(FileHeader header, byte[] copy) {}

  /** The newest authentic copy; a damaged one is written again where that is allowed. */
  static FileHeader read(Volume volume, String host, String path, FileKeys keys)
      throws IOException {
    List<byte[]> copies = copies(volume, host, path);
    Authentic newest = newest(copies, path, keys);
    if (!volume.isReadOnly() && !areEqual(copies)) {
      repair(volume, host, path, newest);
    }
    return newest.header();
  }

  /** Whether both copies are there and say the same. */
  static boolean areEqual(List<byte[]> copies) {
    return copies.size() == 2 && Arrays.equals(copies.get(0), copies.get(1));
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
    for (byte[] copy : copies) {
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
    byte[] copy = Arrays.copyOf(good.copy(), good.header().headerBytes);
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
