// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The channel keys of elements that have been met, in a text file: a serial number and a key a
 * line, in hexadecimal; what begins with # is a remark.
 *
 * <p>Thread safety: confined to one thread.
 */
final class KnownElements {

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{32}) ([0-9a-f]{130})");
  private static final String HEADING =
      "# Channel keys of secure elements: serial number, public key. Kept by \"strongroom --known\".";

  private final Path file;
  private final List<String> lines;

  private KnownElements(Path file, List<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /** Reads a file; a missing one knows nobody. */
  static KnownElements read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new KnownElements(file, List.of(HEADING));
    }
    List<String> lines = Files.readAllLines(file, UTF_8);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isBlank() && !line.startsWith("#") && key(line).isEmpty()) {
        throw new CommandException(
            ExitCode.INTEGRITY,
            file
                + ": line "
                + (i + 1)
                + " is no serial number and channel key; mend or remove it, and compare the"
                + " element's fingerprint again");
      }
    }
    return new KnownElements(file, lines);
  }

  /** The key that the element of a serial number had. */
  Optional<ChannelKey> find(Bytes serialNumber) {
    return lines.stream()
        .filter(line -> line.startsWith(serialNumber + " "))
        .findFirst()
        .flatMap(KnownElements::key);
  }

  /** Remembers a key; the file has it, or is as it was. */
  void add(Bytes serialNumber, ChannelKey key) throws IOException {
    List<String> longer = new ArrayList<>(lines);
    longer.add(serialNumber + " " + key.point());
    Path whole = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (!Files.isDirectory(whole.resolveSibling("."))) {
      throw new NoSuchFileException(file.toString());
    }
    Path beside = whole.resolveSibling(whole.getFileName() + ".new");
    Files.write(beside, longer, UTF_8);
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Optional<ChannelKey> key(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ChannelKey(Bytes.parse(matcher.group(2))));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no point of the curve
    }
  }
}
