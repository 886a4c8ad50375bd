// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
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

  private static byte[] copies(Volume volume, String host, String path) throws IOException {
    try (StoreFile file = volume.store.open(host, Store.Access.READ)) {
      byte[] begin = new byte[2 * FileHeader.DEFAULT_BYTES];
      int read = file.read(0, begin, 0, begin.length);
      int headerBytes = headerBytes(begin, read);
      if (headerBytes == FileHeader.DEFAULT_BYTES) {
        return Arrays.copyOf(begin, read);
      }
      byte[] all = new byte[2 * headerBytes];
      return Arrays.copyOf(all, file.read(0, all, 0, all.length));
    } catch (NoSuchFileException e) {
      throw new IntegrityException(
          path, "header", -1, -1, -1, "the host file " + host + " is missing");
    }
  }

  private static int headerBytes(byte[] begin, int read) {
    try {
      return FileHeader.clear("", Arrays.copyOf(begin, read)).headerBytes();
    } catch (FileHeader.Refused | FormatVersionException e) {
      return FileHeader.DEFAULT_BYTES;
    }
  }

  /**
   * What the element may be asked for, as the copies say: one request, or two where they differ.
   */
  static List<GrubRequest> requests(Volume volume, Bytes uid, String host, String path)
      throws IOException {
    List<GrubRequest> requests = new ArrayList<>();
    FormatVersionException unknown = null;
    String problem = "the host file is too short";
    for (byte[] copy : split(copies(volume, host, path))) {
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

  /** The newest authentic copy; a damaged one is written again where that is allowed. */
  static FileHeader read(Volume volume, String host, String path, FileKeys keys)
      throws IOException {
    byte[] copies = copies(volume, host, path);
    List<byte[]> parts = split(copies);
    String problem = "the host file is too short";
    FileHeader newest = null;
    FormatVersionException unknown = null;
    int best = 0;
    for (int i = 0; i < parts.size(); i++) {
      try {
        FileHeader header = FileHeader.decode(path, parts.get(i), keys);
        if (newest == null || header.generation > newest.generation) {
          newest = header;
          best = i;
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
    if (!volume.options.readOnly()
        && (parts.size() < 2 || !Arrays.equals(parts.get(0), parts.get(1)))) {
      repair(volume, host, parts.get(best), 1 - best);
    }
    return newest;
  }

  private static List<byte[]> split(byte[] copies) {
    int headerBytes = headerBytes(copies, copies.length);
    List<byte[]> parts = new ArrayList<>();
    parts.add(Arrays.copyOf(copies, Math.min(headerBytes, copies.length)));
    if (copies.length >= 2 * headerBytes) {
      parts.add(Arrays.copyOfRange(copies, headerBytes, 2 * headerBytes));
    }
    return parts;
  }

  private static void repair(Volume volume, String host, byte[] good, int copy) throws IOException {
    volume.log(host + ": a header copy was damaged and has been repaired from the other", null);
    try (StoreFile file = volume.store.open(host, Store.Access.WRITE)) {
      file.write((long) copy * good.length, good, 0, good.length);
    }
  }
}
