// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for pieces of clear data in host files: {@value #LENGTH} bytes of each file's content, and
 * each file's name where it is long enough.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PlaintextSearch {

  private static final int LENGTH = 16;
  private static final int DISTINCT = 8;
  private static final int SHORTEST_NAME = 8;
  private static final int HEAD = 64 << 10;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Map<Long, Piece> pieces = new HashMap<>();

  private static final class Piece {
    private final byte[] bytes;
    private final Path source;

    Piece(byte[] bytes, Path source) {
      this.bytes = bytes;
      this.source = source;
    }
  }

  /**
   * A host file that holds clear data.
   *
   * @param host the host file
   * @param source the clear file that a piece of it is of
   */
  record Find(Path host, Path source) {}

  /** Takes a piece of the content and the name of a clear file. */
  void learn(Path clear) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(clear)) {
      head = in.readNBytes(HEAD);
    }
    for (int from = 0; from + LENGTH <= head.length; from += LENGTH) {
      byte[] piece = Arrays.copyOfRange(head, from, from + LENGTH);
      if (distinct(piece) >= DISTINCT) {
        add(new Piece(piece, clear));
        break;
      }
    }
    Path name = clear.getFileName();
    byte[] encoded = name == null ? new byte[0] : name.toString().getBytes(StandardCharsets.UTF_8);
    if (encoded.length >= SHORTEST_NAME) {
      add(new Piece(encoded, clear));
    }
  }

  /** Leaves out pieces that stand in a text which is no secret, such as a host file's name. */
  void ignore(String text) {
    pieces
        .values()
        .removeIf(piece -> text.contains(new String(piece.bytes, StandardCharsets.UTF_8)));
  }

  /** Leaves out pieces that stand in a host file of a volume without files. */
  void ignore(Path host) throws IOException {
    pieces.values().removeAll(in(host));
  }

  int pieces() {
    return pieces.size();
  }

  /** The files that hold a piece of clear data, in their order, each with one piece's source. */
  List<Find> found(List<Path> files) throws IOException {
    List<Find> found = new ArrayList<>();
    for (Path file : files) {
      in(file).stream().findFirst().ifPresent(piece -> found.add(new Find(file, piece.source)));
    }
    return found;
  }

  private Set<Piece> in(Path file) throws IOException {
    Set<Piece> found = new LinkedHashSet<>();
    byte[] buffer = new byte[1 << 20];
    int kept = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer, 0, buffer.length);
          count >= 0;
          count = in.read(buffer, kept, buffer.length - kept)) {
        int length = kept + count;
        for (int i = 0; i + Long.BYTES <= length; i++) {
          Piece piece = pieces.get((long) LONG.get(buffer, i));
          if (piece != null
              && i + piece.bytes.length <= length
              && Arrays.equals(
                  buffer, i, i + piece.bytes.length, piece.bytes, 0, piece.bytes.length)) {
            found.add(piece);
          }
        }
        // The end may hold the beginning of a piece (a name has up to 255 bytes).
        kept = Math.min(length, 255);
        System.arraycopy(buffer, length - kept, buffer, 0, kept);
      }
    }
    return found;
  }

  private void add(Piece piece) {
    pieces.putIfAbsent((long) LONG.get(piece.bytes, 0), piece);
  }

  private static int distinct(byte[] piece) {
    boolean[] seen = new boolean[256];
    int distinct = 0;
    for (byte value : piece) {
      if (!seen[value & 0xFF]) {
        seen[value & 0xFF] = true;
        distinct++;
      }
    }
    return distinct;
  }
}
