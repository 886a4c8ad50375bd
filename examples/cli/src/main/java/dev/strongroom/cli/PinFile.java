// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The PINs of a file, one a line, UTF-8; the last line may or may not end.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PinFile implements AutoCloseable {

  private static final int LONGEST = 4096;

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Deque<char[]> lines = new ArrayDeque<>();

  private PinFile() {}

  /** Reads the file; warns when others than its owner may. */
  static PinFile read(Path file, Console console) throws IOException {
    if (Files.isDirectory(file)) {
      throw CommandException.usage("--pin-file " + file + ": is a directory; name a file");
    }
    if (!Files.exists(file)) {
      throw CommandException.usage("--pin-file " + file + ": there is no such file");
    }
    if (openToOthers(file)) {
      console.warn(
          "PIN file " + file + " can be read or written by others; chmod 600 would keep it yours");
    }
    byte[] content = new byte[LONGEST + 1];
    try (var in = Files.newInputStream(file)) {
      int length = in.readNBytes(content, 0, content.length);
      if (length > LONGEST) {
        throw CommandException.usage("--pin-file " + file + ": is too long for a file of PINs");
      }
      PinFile pins = new PinFile();
      try {
        pins.split(content, length, file);
        return pins;
      } catch (IOException e) {
        pins.close();
        throw e;
      }
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** The next PIN, which the caller zeroes, or null when the file has no more. */
  char @Nullable [] next() {
    return lines.poll();
  }

  /** Zeroes what was not used. */
  @Override
  public void close() {
    for (char[] line = lines.poll(); line != null; line = lines.poll()) {
      Arrays.fill(line, '\0');
    }
  }

  private void split(byte[] content, int length, Path file) throws IOException {
    int from = 0;
    while (from < length) {
      int to = from;
      while (to < length && content[to] != '\n') {
        to++;
      }
      int end = to > from && content[to - 1] == '\r' ? to - 1 : to;
      lines.add(decode(content, from, end, "line " + (lines.size() + 1) + " of PIN file " + file));
      from = to + 1;
    }
    if (lines.isEmpty()) {
      throw CommandException.usage("--pin-file " + file + ": is empty; it holds one PIN a line");
    }
  }

  /** Decodes UTF-8 without leaving a copy; an empty PIN is refused. */
  static char[] decode(byte[] bytes, int from, int to, String place) throws IOException {
    if (from == to) {
      throw CommandException.usage(place + " is empty; a PIN was expected");
    }
    char[] decoded = new char[to - from];
    CharBuffer target = CharBuffer.wrap(decoded);
    try {
      var decoder = StandardCharsets.UTF_8.newDecoder();
      var result = decoder.decode(ByteBuffer.wrap(bytes, from, to - from), target, true);
      if (result.isError()) {
        result.throwException();
      }
      return Arrays.copyOf(decoded, target.position());
    } catch (CharacterCodingException e) {
      throw CommandException.usage(place + " is not UTF-8 text; a PIN was expected");
    } finally {
      Arrays.fill(decoded, '\0');
    }
  }

  private static boolean openToOthers(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    return view.readAttributes().permissions().stream().anyMatch(OTHERS::contains);
  }
}
