// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.InvalidElementUriException;
import dev.strongroom.core.transport.ReaderNotFoundException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reaches simulated elements by {@code sim:PATH}, where PATH is the path of a file, taken
 * literally, but for {@code ?keyMemory=BYTES} at its end: see {@link
 * SimulatedElementOptions.Builder#keyMemory}.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SimulatorProvider implements TransportProvider {

  /** The scheme of simulated elements. */
  public static final String SCHEME = "sim";

  private static final Pattern KEY_MEMORY = Pattern.compile("(.+)\\?keyMemory=([0-9]{1,9})");

  /** For {@link java.util.ServiceLoader}. */
  public SimulatorProvider() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  /** The real path of the file, or of its directory if the file is missing. */
  @Override
  public String identity(ElementUri uri) throws StrongroomException {
    Path file = file(uri);
    try {
      if (Files.exists(file)) {
        return file.toRealPath().toString();
      }
      Path directory = file.getParent();
      Path name = file.getFileName();
      if (directory == null || name == null) {
        throw new InvalidElementUriException("sim: is followed by the path of a file");
      }
      return directory.toRealPath().resolve(name).toString();
    } catch (IOException e) {
      throw new ReaderNotFoundException(String.valueOf(file.getParent()));
    }
  }

  @Override
  public Transport open(ElementUri uri) throws StrongroomException {
    Path file = file(uri);
    if (Files.isDirectory(file)) {
      throw new InvalidElementUriException("sim: is followed by the path of a file, not a folder");
    }
    return SimulatedElement.open(file, options(uri));
  }

  /** The options that stand in a URI. */
  static SimulatedElementOptions options(ElementUri uri) throws InvalidElementUriException {
    SimulatedElementOptions.Builder options = SimulatedElementOptions.builder();
    Matcher keyMemory = KEY_MEMORY.matcher(uri.rest());
    try {
      if (keyMemory.matches()) {
        options.keyMemory(Integer.parseInt(keyMemory.group(2)));
      }
      return options.build();
    } catch (IllegalArgumentException e) {
      throw new InvalidElementUriException("keyMemory is 16384 to 67108864 bytes");
    }
  }

  /** The element files of the working directory, by name. */
  @Override
  public List<ElementUri> reachable() {
    List<ElementUri> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(""))) {
      for (Path file : files.filter(FileElementStore::isElement).sorted().toList()) {
        add(file, found);
      }
    } catch (IOException | UncheckedIOException e) {
      // What could be read of the folder is all that a person can be offered.
      return found;
    }
    return found;
  }

  private static void add(Path file, List<ElementUri> found) {
    try {
      found.add(ElementUri.parse(SCHEME + ":" + file));
    } catch (InvalidElementUriException e) {
      // A name with a control character, or that looks like a secret, cannot stand in a URI.
      return;
    }
  }

  private static Path file(ElementUri uri) throws InvalidElementUriException {
    Matcher keyMemory = KEY_MEMORY.matcher(uri.rest());
    try {
      return Path.of(keyMemory.matches() ? keyMemory.group(1) : uri.rest()).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new InvalidElementUriException("sim: is followed by the path of a file");
    }
  }
}
