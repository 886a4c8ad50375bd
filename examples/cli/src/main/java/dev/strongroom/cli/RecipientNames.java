// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The parameters of commands that change who can receive a transient file.
 *
 * <p>Thread safety: confined to one thread.
 */
final class RecipientNames {

  private static final int ID_LENGTH = 16;

  @Parameters(
      index = "0",
      paramLabel = "VOLUME",
      description = "The directory of the volume that it was sent from.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "The transient file, on the host.")
  private Path file = Path.of("");

  @Parameters(index = "2..*", arity = "1..*", paramLabel = "NAME", description = "Contacts.")
  private List<String> names = List.of();

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The id that \"inspect\" shows of the file: another one is refused.")
  private @Nullable String id;

  Path volume() {
    return volume;
  }

  Path file() {
    return file;
  }

  List<String> names() {
    return names;
  }

  /** The transient id that the file must have, before anything is opened. */
  Optional<Bytes> expected() throws IOException {
    return id == null ? Optional.empty() : Optional.of(transientId("--id", id));
  }

  /** Reads a transient id as {@code inspect} shows it. */
  static Bytes transientId(String option, String typed) throws IOException {
    try {
      Bytes id = Bytes.parse(typed.strip().toLowerCase(Locale.ROOT));
      if (id.length() == ID_LENGTH) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw CommandException.usage(
        option + ": an id has 32 hexadecimal digits, as \"strongroom inspect\" shows it");
  }
}
